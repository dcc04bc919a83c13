(() => {
  'use strict';

  const SHOWN = 500; // messages that the page keeps
  const $ = id => document.getElementById(id);
  const room = decodeURIComponent(location.pathname.split('/')[2]);
  const user = (new URLSearchParams(location.search).get('user') || '').trim();
  const channel = `room-${room}`;
  const messagesUrl = `/rooms/${encodeURIComponent(room)}/messages/`;

  if (!user) {
    location.replace(`/chat?room=${encodeURIComponent(room)}`);
    return;
  }
  document.title = `${room} – chat`;
  $('room').textContent = room;
  $('say').addEventListener('submit', send);
  $('text').addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $('say').requestSubmit();
    }
  });
  start();

  async function start() {
    const history = await load();
    const query = new URLSearchParams([['channel', channel], ['channel', 'time']]);
    new EventStreamClient(`/events/?${query}`, {lastEventId: history['last-event-id']})
      .on('message', message => message && message.id && show(message)) // programs with the token can send anything
      .on('time', data => { $('time').textContent = new Date(data.time).toLocaleTimeString(); })
      .on('reset', channels => channels.includes(channel) && load())
      .on('error', error => complain(error.text || error.condition))
      .on('status', status => {
        if (status === 'open') complain('');
        $('status').dataset.status = status;
        $('status').textContent = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
      });
  }

  /** Replaces the shown messages by the newest ones; retries until the service answers. */
  async function load() {
    const old = [...$('messages').children];
    for (let delay = 1000; ; delay = Math.min(2 * delay, 30000)) {
      try {
        const history = await ask();
        old.forEach(item => item.remove()); // messages that arrived in between stay
        history.messages.forEach(show);
        $('empty').hidden = $('messages').children.length > 0;
        complain('');
        return history;
      } catch (e) {
        complain(e.message);
        await new Promise(resolve => setTimeout(resolve, delay * (0.5 + Math.random())));
      }
    }
  }

  async function send(event) {
    event.preventDefault();
    const text = $('text').value.trim();
    const button = $('say').querySelector('button');
    if (!text || button.disabled) return;
    button.disabled = true;
    try {
      show(await ask({method: 'POST', body: new URLSearchParams({from: user, text})}));
      $('text').value = '';
      complain('');
    } catch (e) {
      complain(`Not sent: ${e.message}`);
    }
    button.disabled = false;
    $('text').focus();
  }

  async function ask(options) {
    const response = await fetch(messagesUrl, options).catch(() => { throw new Error('the service does not answer'); });
    const body = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(body.message || `the service answered ${response.status}`);
    return body;
  }

  /** Inserts a message in the order of ids, once: it may come from the history, as an event and as an answer. */
  function show(message) {
    const messages = $('messages');
    let next = null;
    for (let item = messages.lastElementChild; item && Number(item.dataset.id) >= message.id; item = item.previousElementSibling) {
      if (Number(item.dataset.id) === message.id) return;
      next = item;
    }
    const atEnd = $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 80;
    messages.insertBefore(render(message), next);
    if (messages.children.length > SHOWN) messages.firstElementChild.remove();
    $('empty').hidden = true;
    if (atEnd) $('scroll').scrollTop = $('scroll').scrollHeight;
  }

  // textContent only, so that the browser never parses user input as HTML
  function render(message) {
    const item = element('li');
    item.dataset.id = message.id;
    item.classList.toggle('own', message.from === user);
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
