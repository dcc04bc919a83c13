(() => {
  'use strict';

  const $ = id => document.getElementById(id);
  const wanted = new URLSearchParams(location.search).get('room');
  const TWINS = {localhost: '127.0.0.1', '127.0.0.1': 'localhost'};

  $('in').addEventListener('submit', event => {
    event.preventDefault();
    signIn($('name').value, $('password').value);
  });
  document.querySelectorAll('[data-name]').forEach(button =>
    button.addEventListener('click', () => signIn(button.dataset.name, button.dataset.password)));
  $('out').addEventListener('click', async () => {
    await fetch('/private/session', {method: 'DELETE'}).catch(() => {});
    location.href = '/private';
  });
  $('enter').addEventListener('submit', event => {
    event.preventDefault();
    location.href = address($('room').value.trim());
  });
  showTwin();
  showRooms();

  async function signIn(name, password) {
    const answer = await fetch('/private/session', {method: 'POST', body: new URLSearchParams({name, password})}).catch(() => ({status: 0}));
    if (!answer.ok) complain(answer.status === 401 ? 'The name or the password is wrong.' : 'The service does not answer. Try again.');
    else if (wanted) location.href = address(wanted);
    else await showRooms();
  }

  /** Shows the user's rooms instead of the form, if somebody has signed in. */
  async function showRooms() {
    const answer = await fetch('/private/session').catch(() => ({}));
    if (!answer.ok) return;
    const {name, administrator, rooms} = await answer.json();
    $('in').hidden = true;
    document.querySelector('[aria-labelledby=demo]')?.remove();
    $('rooms').hidden = false;
    $('out').hidden = false;
    $('user').textContent = name;
    $('list').replaceChildren(...rooms.map(link));
    $('none').hidden = rooms.length > 0;
    $('enter').hidden = !administrator;
    complain('');
  }

  function link(room) {
    const item = document.createElement('li');
    const anchor = document.createElement('a');
    anchor.href = address(room);
    anchor.dir = 'auto';
    anchor.textContent = room;
    item.append(anchor);
    return item;
  }

  function address(room) {
    return `/private/rooms/${encodeURIComponent(room)}`;
  }

  /** This machine has two names, and browsers keep the cookies of each apart. */
  function showTwin() {
    const twin = TWINS[location.hostname];
    if (!twin) return;
    $('other').href = `${location.protocol}//${twin}:${location.port}${location.pathname}`;
    $('other').textContent = `${twin}:${location.port}`;
    $('two').hidden = false;
  }

  function complain(text) {
    $('problem').textContent = text;
    $('problem').hidden = !text;
  }
})();
