(() => {
  'use strict';

  const room = document.getElementById('room');
  const user = document.getElementById('user');
  room.value = new URLSearchParams(location.search).get('room') || room.value;

  document.getElementById('enter').addEventListener('submit', event => {
    event.preventDefault();
    const name = encodeURIComponent(user.value.trim());
    location.href = `/chat/${encodeURIComponent(room.value.trim())}?user=${name}`;
  });

  document.getElementById('read').textContent = `curl -N '${location.origin}/events/?channel=test'`;
  document.getElementById('send').textContent = [
    `curl '${location.origin}/events/' \\`,
    '  -H "Authorization: Bearer $(cat data/token)" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"channel":"test","type":"message","data":"hi"}'`
  ].join('\n');
})();
