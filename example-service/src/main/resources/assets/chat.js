(async () => {
  'use strict';

  const SHOWN = 500; // messages that the page keeps
  const GROUP = 5 * 60_000; // ms between two messages that share a name
  const STATUS = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed', locked: 'no permission'};
  const $ = id => document.getElementById(id);
  const place = new Place();

  document.title = `${place.room} – chat`;
  $('room').textContent = place.room;
  $('back').href = place.isPrivate ? '/private' : '/chat';
  $('time').hidden = place.isPrivate;

  const user = await place.user();
  if (!user) {
    location.replace(place.entrance);
    return;
  }

  const shownBefore = new Map(); // by the key of a waiting message: the newest id when it was written
  let waiting = [];
  let isLocked = false;
  const company = new Company(place, user.name, $('present'), $('typing'));
  const outbox = new Outbox(`${user.name} in ${place.channel}`, {
    post: async ({text, key}) => show(await place.post(user.name, text, key)),
    changed: messages => {
      waiting = messages;
      showWaiting();
    },
    refused: ({text}, error) => {
      if (!$('text').value) $('text').value = text;
      complain(`Not sent: ${error.message}`);
    }
  });

  $('say').addEventListener('submit', send);
  $('text').addEventListener('input', () => company.write());
  $('text').addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $('say').requestSubmit();
    }
  });
  if (place.isPrivate) watchPermission();
  if (user.administrator) {
    $('members').hidden = false;
    new Members(place, $('list'), $('changed'));
  }
  start();

  async function start() {
    const history = await load();
    if (!history) return;
    new EventStreamClient(place.stream, {lastEventId: history['last-event-id']})
      .on('message', message => message && message.id && show(message)) // programs with the token can send anything
      .on('typing', data => data && company.writes(data.from))
      .on('time', data => { $('time').textContent = new Date(data.time).toLocaleTimeString(); })
      .on('reset', channels => channels.includes(place.channel) && load())
      .on('error', ended)
      .on('status', status => {
        if (isLocked) return;
        showStatus(status);
        if (status !== 'open') return;
        complain('');
        outbox.flush();
        company.count();
      });
  }

  function ended(error) {
    if (error.condition === 'forbidden' && place.isPrivate) lock(true);
    else if (error.status === 401 && place.isPrivate) location.replace(place.entrance);
    else complain(error.text || error.condition);
  }

  function showStatus(status) {
    $('status').dataset.status = status === 'locked' ? 'closed' : status;
    $('status').textContent = STATUS[status];
  }

  /** The user may not read the room (any more, if it is lost). Nothing arrives until the permission is back. */
  function lock(isLost) {
    isLocked = true;
    showStatus('locked');
    $('present').textContent = '';
    allow(false);
    $('why').textContent = isLost
      ? 'An administrator has taken away your permission to read this room, so your stream has ended. If you get it back, this page continues '
        + 'by itself, and shows what you missed.'
      : 'You have no permission to read this room. If an administrator gives it to you, this page opens the room by itself.';
    setTimeout(unlock, 2000); // in case it was given back before the page knew that it was gone
  }

  function allow(isAllowed) {
    $('locked').hidden = isAllowed;
    document.body.classList.toggle('is-locked', !isAllowed);
    $('text').disabled = !isAllowed;
    $('say').querySelector('button').disabled = !isAllowed;
  }

  /** Each user has a channel, which tells when permissions change. */
  function watchPermission() {
    new EventStreamClient('/private/me/events')
      .on('permission', change => change && change.room === place.room && change.mayRead && unlock())
      .on('status', status => status === 'open' && unlock()); // it may have changed in the meantime
  }

  async function unlock() {
    if (!isLocked || !await place.history().catch(() => false) || !isLocked) return;
    isLocked = false;
    showStatus('connecting');
    await start();
  }

  /** Replaces the shown messages by the newest ones; retries until the service answers. Returns nothing if the user may not read them. */
  async function load() {
    const old = [...$('messages').children];
    for (let delay = 1000; ; delay = Math.min(2 * delay, 30000)) {
      try {
        const history = await place.history();
        allow(true);
        old.forEach(item => item.remove()); // messages that arrived in between stay
        history.messages.forEach(show);
        $('empty').hidden = $('messages').children.length > 0;
        complain('');
        return history;
      } catch (e) {
        if (e.status === 403 && place.isPrivate) return lock(false);
        if (e.status === 401) return location.replace(place.entrance);
        complain(e.message);
        await new Promise(resolve => setTimeout(resolve, delay * (0.5 + Math.random())));
      }
    }
  }

  function send(event) {
    event.preventDefault();
    const text = $('text').value.trim();
    if (!text) return;
    if (outbox.isFull) {
      complain('Not sent: too many messages wait for the service.');
      return;
    }
    $('text').value = '';
    complain('');
    company.sent();
    const newest = newestId();
    shownBefore.set(outbox.add(text), newest);
    $('text').focus();
  }

  /** Inserts a message in the order of ids, once: it may come from the history, as an event and as an answer. */
  function show(message) {
    const messages = $('messages');
    let next = null;
    for (let item = messages.lastElementChild; item && Number(item.dataset.id) >= message.id; item = item.previousElementSibling) {
      if (Number(item.dataset.id) === message.id) return;
      next = item;
    }
    company.stops(message.from);
    scrolled(() => {
      const item = render(message);
      messages.insertBefore(item, next);
      if (messages.children.length > SHOWN) messages.firstElementChild.remove();
      group(item);
      if (next) group(next);
      $('empty').hidden = true;
      showWaiting();
    });
  }

  /** Changes the list, which stays at its end if it is there. */
  function scrolled(change) {
    const box = $('scroll');
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
    change();
    if (atEnd) box.scrollTop = box.scrollHeight;
  }

  // textContent only, so that the browser never parses user input as HTML
  function render(message) {
    const item = element('li');
    item.dataset.id = message.id;
    item.dataset.from = message.from;
    item.dataset.date = message.date;
    item.classList.toggle('own', message.from === user.name);
    item.style.setProperty('--hue', hue(message.from));
    const head = element('div', 'head');
    const date = new Date(message.date);
    const time = element('time', '', date.toLocaleTimeString([], {hour: 'numeric', minute: '2-digit'}));
    time.dateTime = message.date;
    time.title = date.toLocaleString();
    head.append(element('bdi', 'from', message.from), time);
    const text = element('p', 'text', message.text);
    text.dir = 'auto';
    item.append(head, text);
    return item;
  }

  /** Hides the name of a message that follows another one of the same person; screen readers still read it. */
  function group(item) {
    const before = item.previousElementSibling;
    item.classList.toggle('grouped', Boolean(before) && before.dataset.from === item.dataset.from
      && Date.parse(item.dataset.date) - Date.parse(before.dataset.date) < GROUP);
  }

  /** A colour for each name, the same in every window. */
  function hue(name) {
    let hash = 0;
    for (const character of name) hash = (hash * 31 + character.codePointAt(0)) % 3600;
    return hash % 24 * 15;
  }

  /** Shows the messages that the service has not confirmed, unless they have arrived as events, before the service's answer. */
  function showWaiting() {
    const isShown = ({text, key}) => [...$('messages').children].some(item => item.classList.contains('own')
      && Number(item.dataset.id) > (shownBefore.get(key) ?? Infinity) && item.querySelector('.text').textContent === text);
    const items = waiting.filter((message, i) => i > 0 || !isShown(message)).map(({text}) => {
      const item = element('li', 'own');
      item.append(element('p', 'text', text), element('p', 'note', 'waits for the service'));
      return item;
    });
    scrolled(() => $('waiting').replaceChildren(...items));
    if (items.length > 0) $('empty').hidden = true;
  }

  function newestId() {
    return Number($('messages').lastElementChild?.dataset.id ?? 0);
  }

  function element(name, className = '', text = '') {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function complain(text) {
    $('problem').textContent = text;
    $('problem').hidden = !text;
  }
})();
