// A fake page, clock and network for the built script, as a page loads it. Nothing in it depends on real time.
import {readFileSync} from 'node:fs';

const BUILT = new URL('../../target/client/built/', import.meta.url);
const script = (file, ...globals) => new Function(...globals, readFileSync(new URL(file, BUILT), 'utf8'));
const runClient = script('eventstream.js', 'globalThis', 'EventSource', 'Date', 'Math');
const runTabs = script('eventstream-tabs.js', 'globalThis');
const runAdapter = script('eventstream-adapter.js', 'globalThis', 'CustomEvent');

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
export function random(seed) {
  return () => {
    seed = (seed + 0x6D2B79F5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets everything run that needs no time: promises, and streams of promises. */
export async function settle() {
  for (let i = 0; i < 3; i++) await new Promise(setImmediate);
}

/** A CustomEvent, which Node 18 lacks. */
class DetailedEvent extends Event {
  constructor(type, {detail}) {
    super(type);
    this.detail = detail;
  }
}

/** A connection over fetch, as the server sees it. */
class Request {
  #respond;
  #controller;

  constructor(url, options, respond) {
    this.url = decodeURIComponent(url.slice('http://test'.length));
    this.rawUrl = url;
    this.headers = options.headers;
    this.credentials = options.credentials;
    this.signal = options.signal;
    this.#respond = respond;
  }

  get isOpen() {
    return !this.signal.aborted && !this.isDone;
  }

  /** Answers with a status and a text. */
  answer(status, body = null, headers = {}) {
    this.#respond(new Response(status === 204 ? null : body, {status, headers}));
  }

  /** Begins a stream. */
  stream(...chunks) {
    const body = new ReadableStream({start: controller => { this.#controller = controller; }});
    this.#respond(new Response(body, {headers: {'Content-Type': 'text/event-stream'}}));
    this.opensWith = chunks;
    chunks.forEach(chunk => this.send(chunk));
    return this;
  }

  send(text) {
    if (this.isOpen) this.#controller.enqueue(typeof text === 'string' ? new TextEncoder().encode(text) : text);
  }

  event(type, data, id) {
    this.send(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${data}\n\n`);
  }

  open(id, keepAlive = 20) {
    this.stream();
    this.event('stream-open', JSON.stringify({keepAlive}), id);
    return this;
  }

  /** The server ends the stream. */
  end() {
    if (this.isOpen) this.#controller.close();
    this.isDone = true;
  }

  /** The connection breaks. */
  cut() {
    if (this.isOpen && this.#controller) this.#controller.error(new TypeError('network error'));
    else if (this.isOpen) this.refuse();
    this.isDone = true;
  }
}

export class World {
  now = 1e12;
  chance = 0.5;
  log = [];
  requests = []; // over fetch
  sources = []; // of EventSource
  timers = new Map();
  #timerCount = 0;

  constructor() {
    const world = this;
    class Source extends EventTarget {
      static CLOSED = 2;
      readyState = 0;

      constructor(url, options) {
        super();
        this.url = decodeURIComponent(url.slice('http://test'.length));
        this.withCredentials = options.withCredentials;
        world.sources.push(this);
      }

      close() {
        this.readyState = 2;
      }

      event(type, data, id = this.shown ?? '') {
        if (this.readyState === 2) return;
        this.readyState = 1;
        this.shown = id;
        this.dispatchEvent(Object.assign(new Event(type), {data, lastEventId: id}));
      }

      breaks(readyState) {
        this.readyState = readyState;
        this.dispatchEvent(new Event('error'));
      }
    }
    this.page = Object.assign(new EventTarget(), {
      location: {href: 'http://test/page'},
      document: Object.assign(new EventTarget(), {baseURI: 'http://test/page', visibilityState: 'visible'}),
      setTimeout: (action, delay = 0) => this.timers.set(++this.#timerCount, {action, at: this.now + delay}) && this.#timerCount,
      clearTimeout: id => this.timers.delete(id),
      fetch: (url, options) => new Promise((resolve, reject) => {
        const request = new Request(url, options, resolve);
        request.refuse = () => reject(new TypeError('connection refused'));
        options.signal.addEventListener('abort', () => reject(new Error('aborted')));
        this.requests.push(request);
      })
    });
    this.#source = Source;
    this.load(this.page);
  }

  #source;

  /** Loads the scripts into a page. */
  load(page) {
    const clock = Object.assign(() => {}, {now: () => this.now, parse: Date.parse});
    const maths = Object.assign(Object.create(Math), {random: () => this.chance, min: Math.min, max: Math.max});
    runClient(page, this.#source, clock, maths);
    runTabs(page);
    runAdapter(page, DetailedEvent);
    return page.EventStreamClient;
  }

  get request() {
    return this.requests.at(-1);
  }

  get source() {
    return this.sources.at(-1);
  }

  /** Opens a stream and logs its reports. */
  open(url, options = {}, types = ['message']) {
    const stream = new this.page.EventStreamClient(url, options);
    types.forEach(type => stream.on(type, data => this.log.push(`${type} ${data}`)));
    return stream
      .on('reset', channels => this.log.push(`reset ${channels}`))
      .on('error', error => this.log.push(`error ${error.condition} ${error.status ?? ''}`.trim()))
      .on('stream-end', channels => this.log.push(`end ${channels}`))
      .on('status', status => this.log.push(status));
  }

  /** What was logged since the last call. */
  async logged() {
    await settle();
    return this.log.splice(0);
  }

  /** Lets time pass, and all that happens in it. */
  async passes(seconds) {
    const end = this.now + seconds * 1000;
    await settle();
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].action();
      await settle();
    }
    this.now = end;
  }
}
