// Runs browser clients for the checker, in what looks like a page to them. ClientProcess starts this program.
//
// usage: node clients.mjs CLIENT NAMES fetch|event-source SEED BUG
//
// Commands arrive as lines of JSON, or as the word "calm". Reports leave as lines of JSON. It ends when its input does.
import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const [client, namesFile, transport, seed, bug] = process.argv.slice(2);
const names = JSON.parse(readFileSync(namesFile)); // the build shortens some internal names
const TICK = 500;
const SAMPLES = 6;
const readers = new Map();
let isCalm = false;

// the same seed makes the same decisions
let state = Number(seed) >>> 0;
Math.random = () => {
  state = state + 0x6d2b79f5 >>> 0;
  let mixed = Math.imul(state ^ state >>> 15, 1 | state);
  mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed);
  return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
};
const between = (least, most) => least + (most - least) * Math.random();
const report = line => process.stdout.write(JSON.stringify(line) + '\n');

// the page, whose events all clients hear
const page = new EventTarget();
globalThis.addEventListener = (type, listener, {signal} = {}) => {
  page.addEventListener(type, listener);
  // Node 20 forgets the option `signal` of all but one listener when it collects garbage
  signal?.addEventListener('abort', () => page.removeEventListener(type, listener));
};
const tell = type => page.dispatchEvent(new Event(type));

const isEventSource = transport === 'event-source';
if (isEventSource) {
  delete globalThis.fetch; // otherwise the client would use it from the first failure on
  globalThis.EventSource = class extends EventSource {
    #isClosed = false;

    constructor(url, init) {
      super(url, init);
      const reader = readers.get(new URL(url).hash.slice(1));
      this.addEventListener('stream-reset', event => { reader.resetId = event.lastEventId; });
    }

    close() {
      this.#isClosed = true;
      super.close();
    }

    // unlike browsers, Node 20 reports an error after close()
    dispatchEvent(event) {
      return this.#isClosed || super.dispatchEvent(event);
    }
  };
}
const {EventStreamClient} = await import(pathToFileURL(client));

class Reader {
  resetId = '';
  #options;
  #client;
  #reason = '';
  #position = () => '';
  #earlier = []; // the positions of the last seconds, the oldest first

  constructor(options) {
    this.#options = options;
  }

  open(lastEventId) {
    const {user} = this.#options;
    this.#reason = '';
    this.#earlier = [];
    this.#client = new EventStreamClient(() => this.#url(), {
      lastEventId,
      ...(user && {token: () => `token-of-${user}`}),
      ...(!isEventSource && {share: (connect, listener) => connect(this.#watch(listener))})
    });
    for (const type of ['message', 'rare']) {
      this.#client.on(type, (data, {id, text}) => this.#report({event: type, id, data: text}));
    }
    this.#client
      .on('reset', channels => {
        this.#earlier = [];
        this.#report({reset: channels, id: this.resetId});
      })
      .on('error', ({condition, text}) => {
        this.#reason = condition;
        this.#report({error: `${condition} ${text}`});
      })
      .on('stream-end', () => { this.#reason = 'stream-end'; })
      .on('status', status => {
        this.#report({status});
        // the reason comes after the status
        if (status === 'closed') queueMicrotask(() => this.#report({closed: this.#reason, stats: this.#client.stats}));
      });
  }

  // the part after # tells the EventSource above to which reader it belongs; it is not sent
  #url() {
    const {reader, ports, path} = this.#options;
    return `http://127.0.0.1:${ports[Math.floor(between(0, ports.length))]}${path}#${reader}`;
  }

  /** Stands between the connection and the client, as another tab does. */
  #watch(listener) {
    const {address, opened} = names;
    this.#position = listener.lastEventId;
    return {
      ...listener,
      [address]: base => this.#address(base, listener),
      [opened]: (event, latency) => {
        this.resetId = event.lastEventId;
        listener[opened](event, latency);
      },
      event: event => {
        if (event.type === 'stream-reset') this.resetId = event.lastEventId;
        if (bug === 'forget-repeats' && event.id !== undefined && event.type !== 'stream-reset') {
          listener.event({...event, type: '', data: ''}); // moves the position
          listener.event({...event, id: undefined});
        } else {
          listener.event(event);
        }
      }
    };
  }

  /** Sometimes asks for more than the client needs, as a connection does that tabs share. */
  #address(base, listener) {
    const [earlier = ''] = between(0, 2) < 1 ? this.#earlier : [];
    this.#report({asks: earlier});
    return earlier ? listener[names.address](base, earlier) : listener[names.address](base);
  }

  tick() {
    const {status} = this.#client ?? {status: 'closed'};
    if (status === 'open') this.#earlier = [...this.#earlier, this.#position()].slice(-SAMPLES);
    if (!isCalm && status !== 'closed' && between(0, 30_000) < TICK) {
      this.#reason = 'left';
      this.#client.close();
    }
  }

  end() {
    this.#report({stats: this.#client?.stats});
  }

  #report(line) {
    report({reader: this.#options.reader, ...line});
  }
}

function command(line) {
  if (line === 'calm') {
    isCalm = true;
    tell('pageshow');
    return;
  }
  const {reader, lastEventId, delay, ...options} = JSON.parse(line);
  if (!readers.has(reader)) readers.set(reader, new Reader({reader, ...options}));
  setTimeout(() => readers.get(reader).open(lastEventId), delay);
}

function tick() {
  report({tick: true});
  readers.forEach(reader => reader.tick());
  if (isCalm || between(0, 10) < 1) tell('online');
  if (isCalm) return;
  if (between(0, 60) < 1) {
    tell('pagehide');
    setTimeout(() => tell('pageshow'), between(500, 5_000));
  } else if (between(0, 40) < 1) {
    // a busy page
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, between(500, 3_000));
  }
}

createInterface({input: process.stdin}).on('line', command).on('close', () => {
  readers.forEach(reader => reader.end());
  process.exit(0);
});
setInterval(tick, TICK);
