import {Backoff} from './backoff.js';
import {EventSourceTransport, IdTracker} from './event-source.js';
import {FetchTransport} from './fetch.js';
import {decode} from './json.js';
import type {WireEvent} from './parser.js';
import {root} from './root.js';
import type {Source, SourceListener, Status, StreamError} from './source.js';
import {TokenKeeper, type TokenSource} from './token.js';
import type {Failure, Transport, TransportListener} from './transport.js';

/** The types of the server's own events. */
export const WIRE_TYPES = ['stream-open', 'stream-reset', 'stream-error', 'stream-end', 'keep-alive'];

const FINAL = ['forbidden', 'disconnected', 'bad-request'];
const REFUSED = ['busy', 'too-many-streams'];
const CONDITIONS: Record<number, string> = {
  400: 'bad-request', 401: 'unauthorized', 403: 'forbidden', 414: 'too-large', 429: 'busy', 431: 'too-large', 503: 'busy'
};
const KEEP_ALIVE = 20_000; // until the server sends its setting
const SILENT_KEEP_ALIVES = 2.5;
const MOST_PATIENCE = 64; // limit of the factor below: a large event on a slow connection looks like silence until it is complete
const OWN_RECONNECTS = 2; // of EventSource, which knows no back-off, until a connection lives for ten seconds

export interface ConnectionOptions {
  /** The address of the stream, without the position; a function is called before each connection. */
  url: Address | (() => Address | Promise<Address>);
  withCredentials: boolean;
  token?: TokenSource | undefined;
  /** Never use EventSource, if the browser has `fetch`. */
  fetch: boolean;
}

export type Address = string | URL;

/** Keeps one connection to the server open, with the position of its listener, until it is closed or a retry is useless. */
export class Connection implements Source, TransportListener {
  readonly #options: ConnectionOptions;
  readonly #listener: SourceListener;
  readonly #token: TokenKeeper | undefined;
  readonly #types = new Set(WIRE_TYPES);
  readonly #ids = new IdTracker();
  readonly #backoff = new Backoff();
  readonly #unlisten = new AbortController();

  #phase: 'idle' | 'connected' | 'waiting' | 'refused' | 'suspended' | 'closed' = 'idle';
  #attempt = 0; // results for an earlier attempt are ignored
  #transport: Transport | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined; // for the silence of a connection, or for the delay before the next
  #renewal: ReturnType<typeof setTimeout> | undefined;
  #overFetch: boolean;
  #keepAlive = KEEP_ALIVE;
  #patience = 1; // factor for the longest silence allowed on an open connection
  #interruptions = 0;
  #isFreshToken = false;
  #connectedAt = 0;
  #openedAt = NaN;
  #heardAt = 0;
  #dueAt = 0;

  constructor(options: ConnectionOptions, listener: SourceListener) {
    this.#options = options;
    this.#listener = listener;
    this.#token = options.token && new TokenKeeper(options.token);
    this.#overFetch = options.fetch;
    this.#wakeWithThePage();
  }

  #wakeWithThePage(): void {
    const document = root.document as Document | undefined;
    const on = (target: EventTarget | undefined, type: string, action: () => void): void =>
      target?.addEventListener?.(type, action, {signal: this.#unlisten.signal});
    on(root, 'online', () => this.#check());
    // a page in the back/forward cache must not hold a connection
    on(root, 'pagehide', () => this.#suspend());
    on(root, 'pageshow', () => this.#phase === 'suspended' && this.connect());
    on(document, 'visibilitychange', () => document?.visibilityState === 'visible' && this.#check());
  }

  connect(): void {
    if (this.#phase === 'closed') return;
    const {url} = this.#options;
    this.#disconnect();
    this.#phase = 'connected';
    this.#connecting();
    if (typeof url !== 'function' && !this.#token) this.#start(url, '');
    else void this.#prepare(this.#attempt);
  }

  /** Asks the page for the address and the token. */
  async #prepare(attempt: number): Promise<void> {
    const {url} = this.#options;
    try {
      const token = await this.#token?.get() ?? '';
      const address = typeof url === 'function' ? await url() : url;
      if (attempt === this.#attempt) this.#start(address, token);
    } catch (e) {
      if (attempt === this.#attempt) this.#retry({condition: 'page', text: String(e), channels: []});
    }
  }

  refresh(): void {
    if (this.#phase === 'connected') this.connect();
  }

  #start(base: Address, token: string): void {
    const {withCredentials} = this.#options;
    const url = this.#listener.address(base);
    this.#transport = this.#overFetch && root.fetch!
      ? new FetchTransport(url, withCredentials, token, this)
      : new EventSourceTransport(url, withCredentials, this.#ids, this);
    this.#types.forEach(type => this.#transport?.listen?.(type));
  }

  listen(type: string): void {
    if (this.#types.has(type)) return;
    this.#types.add(type);
    this.#transport?.listen?.(type);
  }

  event(event: WireEvent): void {
    if (event.type !== 'stream-open') this.#patience = 1; // no large event is on its way any more
    this.alive();
    if (event.type === 'stream-open') this.#opened(event);
    else if (event.type === 'stream-error') this.#refused({condition: 'internal-error', text: '', channels: [], ...decode(event.data)});
    else if (event.type === 'stream-end') this.#finished(decode(event.data)?.channels);
    else this.#listener.event(event);
  }

  #opened(event: WireEvent): void {
    const {keepAlive} = decode(event.data) ?? {};
    if (keepAlive > 0) this.#keepAlive = keepAlive * 1000;
    this.#openedAt = Date.now();
    this.#isFreshToken = false;
    this.alive();
    this.#planRenewal();
    this.#listener.opened(event, this.#openedAt - this.#connectedAt);
    this.#listener.status('open');
  }

  #planRenewal(): void {
    const dueIn = this.#token?.dueIn();
    if (dueIn === undefined) return;
    const attempt = this.#attempt;
    root.clearTimeout(this.#renewal);
    this.#renewal = root.setTimeout(() => {
      // the old stream stays open until the new token is here; without one, until the server ends the stream
      void this.#token?.renew().then(() => attempt === this.#attempt && this.connect(), () => {});
    }, dueIn);
  }

  #finished(channels: string[] = []): void {
    this.#listener.ended(channels);
    this.#close();
  }

  failed({status, retryAfter, text = ''}: Failure): void {
    if (status === 204) this.#finished();
    else if (status) this.#refused({condition: CONDITIONS[status] ?? 'http', text, channels: [], status}, retryAfter);
    else {
      // EventSource does not tell whether the server refused it, but fetch will
      if (isNaN(this.#openedAt)) this.#overFetch = true;
      this.#retry(undefined, retryAfter);
    }
  }

  #refused(error: StreamError, retryAfter?: number): void {
    const {condition} = error;
    if (FINAL.includes(condition)) this.#close(error);
    else if (REFUSED.includes(condition)) this.#again(Backoff.refused(retryAfter), 'waiting', error);
    else if (condition === 'unauthorized') this.#unauthorized(error);
    else if (condition !== 'too-large') this.#retry(error);
    else if (this.#listener.shorten()) this.connect();
    else this.#close(error);
  }

  #unauthorized(error: StreamError): void {
    if (!this.#token) return this.#close(error);
    this.#token.drop();
    if (this.#isFreshToken) return this.#retry(error);
    this.#isFreshToken = true;
    this.connect();
  }

  interrupted(): void {
    this.#forgive();
    if (++this.#interruptions > OWN_RECONNECTS || typeof this.#options.url === 'function') return this.#retry();
    this.#connecting();
    this.#listener.status('connecting');
  }

  /** An attempt may take as long as a silence. */
  #connecting(): void {
    this.#openedAt = NaN;
    this.#connectedAt = Date.now();
    this.alive();
  }

  #retry(error?: StreamError, requested?: number): void {
    this.#forgive();
    this.#again(this.#backoff.next(requested), 'connecting', error);
  }

  #again(delay: number, status: Status, error?: StreamError): void {
    if (this.#phase === 'closed') return; // some EventSources report an error after they have been closed
    this.#disconnect();
    this.#phase = status === 'waiting' ? 'refused' : 'waiting';
    this.#wait(delay);
    this.#listener.status(status, error);
  }

  #wait(delay: number): void {
    this.#dueAt = Date.now() + delay;
    this.#schedule(() => this.connect(), delay);
  }

  #forgive(): void {
    if (this.#backoff.forgive(this.#heardAt - this.#openedAt)) this.#interruptions = 0;
  }

  /** The page is visible or online again; its timers may have been suspended. */
  #check(): void {
    const left = this.#dueAt - Date.now();
    if (this.#phase === 'refused') this.#wait(left);
    else if (this.#phase === 'waiting') this.#wait(Backoff.awake(left));
    else if (this.#phase === 'connected' && Date.now() - this.#heardAt > this.#longestSilence()) this.#silent();
  }

  alive(): void {
    this.#heardAt = Date.now();
    this.#schedule(() => this.#silent(), this.#longestSilence());
  }

  #longestSilence(): number {
    return this.#keepAlive * SILENT_KEEP_ALIVES * (isNaN(this.#openedAt) ? 1 : this.#patience);
  }

  // the connection is dead, or slow with a large event on its way: the next one gets twice the time
  #silent(): void {
    if (!isNaN(this.#openedAt)) this.#patience = Math.min(MOST_PATIENCE, this.#patience * 2);
    this.#retry();
  }

  #schedule(action: () => void, delay: number): void {
    root.clearTimeout(this.#timer);
    this.#timer = root.setTimeout(action, delay);
  }

  #suspend(): void {
    if (this.#phase === 'idle') return;
    this.#disconnect();
    this.#phase = 'suspended';
    this.#listener.status('connecting');
  }

  #disconnect(): void {
    this.#attempt++;
    root.clearTimeout(this.#timer);
    root.clearTimeout(this.#renewal);
    this.#transport?.close();
    this.#transport = undefined;
  }

  close(): void {
    this.#close();
  }

  #close(reason?: StreamError): void {
    this.#disconnect();
    this.#phase = 'closed';
    this.#unlisten.abort();
    this.#listener.status('closed', reason);
  }
}
