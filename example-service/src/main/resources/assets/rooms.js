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
})();
