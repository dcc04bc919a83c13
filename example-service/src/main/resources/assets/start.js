(() => {
  'use strict';

  document.getElementById('read').textContent = `curl -N '${location.origin}/events/?channel=test'`;
  document.getElementById('send').textContent = [
    `curl '${location.origin}/events/' \\`,
    '  -H "Authorization: Bearer $(cat data/token)" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '{"channel":"test","type":"message","data":"hi"}'`
  ].join('\n');
})();
