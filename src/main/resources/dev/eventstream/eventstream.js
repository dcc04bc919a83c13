/*
 * Reads a stream of dropwizard-eventstream in a browser. Each event is reported once and in order, even if connections are lost.
 * License: Apache-2.0.
 *
 *   const stream = new EventStreamClient('/events?channel=orders', {lastEventId: 'orders=k3f9x2-41'});
 *   stream.on('message', (data, info) => …)  an event type; data is parsed if it is JSON, info is {id, type, text}
 *   stream.on('reset', channels => …)        events of these channels are lost: load their state again
 *   stream.on('error', error => …)           {condition, text, channels}: why the server ended the stream
 *   stream.on('stream-end', channels => …)   all channels of the stream are finished; nothing will follow
 *   stream.on('status', status => …)         'connecting', 'open', 'waiting' or 'closed'; also in stream.status
 *   stream.close()
 *
 * Options: lastEventId (the position to start from; by default, now), withCredentials (as in EventSource).
 *
 * It reconnects after every failure, including those after which EventSource gives up, and when no keep-alive arrives in time.
 * EventSource reports an event once it is complete, so a large event on a slow connection looks like silence; the next
 * connection then gets twice the time. Only close(), `stream-end`, `forbidden`, `disconnected` and `bad-request` end it. An event counts as seen once its
 * handlers are called, even if one of them throws. While the server has no room (`busy`), or this user or address has too many
 * streams (`too-many-streams`), the status is 'waiting': the client tries again after 6 to 30 seconds.
 *
 * EventSource drops events of a type without a handler. Register a handler for each type that the channels carry: other
 * events neither move the position from which a new connection starts, nor count as a sign of life. Application events
 * of the types reset and status cannot be received here; the server accepts none of type error.
 */
(root => {
  'use strict';

  const OWN = ['reset', 'error', 'status', 'stream-end'];
  const FINAL = ['forbidden', 'disconnected', 'bad-request'];
  const REFUSED = ['busy', 'too-many-streams'];
  const KEEP_ALIVE = 20000; // until the server sends its setting
  const SILENT_KEEP_ALIVES = 2.5;
  const MOST_PATIENCE = 64; // limit of the factor below: a large event on a slow connection looks like silence until it is complete
  const FIRST_DELAY = 5000; // longest delay before the first new attempt; it doubles with each failure
  const LONGEST_DELAY = 30000;
  const HEALTHY = 60000; // after a stream that lasted this long, the next failure counts as the first
  const POSITION = /^([^=]+)=([a-z0-9]{1,16}-[0-9]{1,18})$/;

  class EventStreamClient {
    constructor(url, {lastEventId = '', withCredentials = false} = {}) {
      this.status = 'connecting';
      this._url = new URL(url, root.document ? root.document.baseURI : root.location.href);
      this._withCredentials = withCredentials;
      this._handlers = new Map();
      this._start = lastEventId;
      this._positions = new Map(parse(lastEventId)); // encoded name of each channel -> epoch-sequence, the highest seen
      this._carrier = {}; // the event that brought the newest `id:` line
      this._withoutId = new Set(); // types that are known to come without an `id:` line
      this._keepAlive = KEEP_ALIVE;
      this._failures = 0;
      this._patience = 1; // factor for the longest silence allowed on an open connection
      this._connect();
      this._visible = () => root.document.visibilityState === 'visible' && this._check();
      this._online = () => this._check();
      root.addEventListener('online', this._online);
      if (root.document) root.document.addEventListener('visibilitychange', this._visible);
    }

    /** Calls the handler for each event of the type, or for a report of the client: reset, error, status. */
    on(type, handler) {
      if (!this._handlers.has(type)) {
        this._handlers.set(type, []);
        if (this._source) this._listen(type);
      }
      this._handlers.get(type).push(handler);
      return this;
    }

    /** Ends the stream; it does not reconnect. */
    close() {
      this._disconnect();
      root.removeEventListener('online', this._online);
      if (root.document) root.document.removeEventListener('visibilitychange', this._visible);
      this._setStatus('closed');
    }

    _connect() {
      const url = new URL(this._url);
      const id = [...this._positions].map(([channel, position]) => `${channel}=${position}`).join(',') || this._start;
      if (id) url.searchParams.set('lastEventId', id);
      this._openedAt = undefined;
      this._source = new EventSource(url.href, {withCredentials: this._withCredentials});
      // a server may also send an event of type `error`, which has data
      this._source.addEventListener('error', event => 'data' in event || this._interrupted());
      this._on('stream-open', event => this._opened(event));
      this._on('stream-reset', event => this._reset(event));
      this._on('stream-end', event => this._finished(event));
      this._on('stream-error', event => this._ended(event));
      this._on('keep-alive', event => this._idle(event));
      this._handlers.forEach((handlers, type) => this._listen(type));
      this._watch();
    }

    _listen(type) {
      if (!OWN.includes(type)) this._on(type, event => this._received(event));
    }

    _on(type, listener) {
      this._source.addEventListener(type, event => {
        this._watch();
        listener(event);
      });
    }

    _opened(event) {
      const {keepAlive} = decode(event.data) || {};
      if (keepAlive > 0) this._keepAlive = keepAlive * 1000;
      this._openedAt = Date.now();
      this._isNew(event);
      this._watch();
      this._setStatus('open');
    }

    // the server sends a keep-alive only when nothing else is waiting, so no large event is on its way
    _idle(event) {
      this._patience = 1;
      this._isNew(event);
      this._watch();
    }

    _received(event) {
      if (this._isNew(event)) {
        this._tell(event.type, decode(event.data), {id: event.lastEventId, type: event.type, text: event.data});
      }
    }

    _reset(event) {
      this._carrier = event;
      this._start = '';
      this._positions = new Map(parse(event.lastEventId));
      this._tell('reset', (decode(event.data) || {}).channels || []);
    }

    _finished(event) {
      this._isNew(event);
      this.close();
      this._tell('stream-end', (decode(event.data) || {}).channels || []);
    }

    _ended(event) {
      const error = Object.assign({condition: 'internal-error', text: '', channels: []}, decode(event.data));
      if (FINAL.includes(error.condition)) this.close();
      else if (REFUSED.includes(error.condition)) this._again(LONGEST_DELAY, 'waiting');
      else this._retry();
      this._tell('error', error);
    }

    /**
     * Whether the event is new; updates the positions.
     *
     * For an event without an `id:` line, EventSource shows the id of the previous one. So an unchanged id belongs
     * either to such an event, or to a repetition of the event that brought it.
     */
    _isNew(event) {
      const id = event.lastEventId;
      if (id === '') return true;
      if (id !== this._carrier.lastEventId) {
        this._carrier = event;
        return this._advance(parse(id));
      }
      if (event.type !== this._carrier.type || event.data !== this._carrier.data) this._withoutId.add(event.type);
      return this._withoutId.has(event.type);
    }

    _advance(positions) {
      const news = positions.filter(([channel, position]) => isAfter(position, this._positions.get(channel)));
      news.forEach(([channel, position]) => this._positions.set(channel, position));
      return news.length > 0 || positions.length === 0;
    }

    _interrupted() {
      if (this._source.readyState === EventSource.CLOSED) return this._retry();
      this._forgive();
      this._openedAt = undefined;
      this._setStatus('connecting'); // EventSource reconnects by itself; each attempt may take as long as a silence
      this._watch();
    }

    _retry() {
      this._forgive();
      this._again(Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this._failures++), 'connecting');
    }

    _again(longest, status) {
      this._disconnect();
      this._wait(longest);
      this._setStatus(status);
    }

    _wait(longest) {
      const delay = longest * (0.2 + 0.8 * Math.random());
      this._dueAt = Date.now() + delay;
      this._schedule(() => this._connect(), delay);
    }

    _forgive() {
      if (this._heardAt - this._openedAt >= HEALTHY) this._failures = 0;
    }

    _disconnect() {
      root.clearTimeout(this._timer);
      if (this._source) this._source.close();
      this._source = undefined;
    }

    // there is one timer: for the silence of a connection, or for the delay before the next connection
    _watch() {
      if (!this._source) return;
      this._heardAt = Date.now();
      this._schedule(() => this._silent(), this._longestSilence());
    }

    _longestSilence() {
      return this._keepAlive * SILENT_KEEP_ALIVES * (this._openedAt === undefined ? 1 : this._patience);
    }

    // the connection is dead, or slow with a large event on its way: the next one gets twice the time
    _silent() {
      if (this._openedAt !== undefined) this._patience = Math.min(MOST_PATIENCE, this._patience * 2);
      this._retry();
    }

    _schedule(action, delay) {
      root.clearTimeout(this._timer);
      this._timer = root.setTimeout(action, delay);
    }

    /** The page is visible or online again; its timers may have been suspended. */
    _check() {
      if (this._source) {
        if (Date.now() - this._heardAt > this._longestSilence()) this._silent();
      } else if (this._dueAt - Date.now() > FIRST_DELAY) {
        this._wait(FIRST_DELAY);
      }
    }

    _setStatus(status) {
      if (this.status === status) return;
      this.status = status;
      this._tell('status', status);
    }

    _tell(type, ...values) {
      (this._handlers.get(type) || []).forEach(handler => {
        try {
          handler(...values);
        } catch (e) {
          root.setTimeout(() => { throw e; }); // for the page's error handling; the other handlers still get the event
        }
      });
    }
  }

  /** [encoded channel, epoch-sequence] of each position; empty if the id has none. */
  function parse(id) {
    return id.split(',').map(entry => POSITION.exec(entry)).filter(Boolean).map(match => match.slice(1));
  }

  /** Sequences have up to 18 digits, more than a number holds; 0 is before the first event of any epoch. */
  function isAfter(position, known) {
    if (!known) return true;
    const [epoch, sequence] = position.split('-');
    const [knownEpoch, knownSequence] = known.split('-');
    if (epoch !== knownEpoch) return sequence !== '0';
    if (sequence.length !== knownSequence.length) return sequence.length > knownSequence.length;
    return sequence > knownSequence;
  }

  function decode(text) {
    try {
      return JSON.parse(text);
    } catch (e) {
      return text;
    }
  }

  if (typeof module === 'object' && module.exports) module.exports = EventStreamClient;
  else root.EventStreamClient = EventStreamClient;
})(typeof self === 'undefined' ? this : self);
