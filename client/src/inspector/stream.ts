import {Backoff} from '../backoff.js';
import {EventParser, type WireEvent} from '../parser.js';
import {withPosition} from '../url.js';
import {fieldsOf, outcomeOf, outcomeOfError, type Outcome} from './outcome.js';
import {durationOf, masked} from './text.js';

const UNKNOWN_KEEP_ALIVE = 20_000; // until the stream tells it

export type Status = 'connecting' | 'open' | 'waiting' | 'cut' | 'closed';

/** How requests identify the reader. */
export interface Credentials {
  /** Whether the browser may add what it has, such as cookies. */
  own: boolean;
  /** The header `Authorization`; empty for none. */
  header: string;
}

export interface StreamListener {
  /** The status has changed. The text explains it; it may be empty. */
  status(status: Status, text: string): void;
  /** A part of the stream, or a remark about a request. */
  text(text: string): void;
  event(event: WireEvent): void;
}

/** Reads one stream as the browser client does, but reports everything: each piece of text, keep-alives, refusals, repeats. */
export class InspectedStream {
  readonly #url: URL;
  readonly #listener: StreamListener;
  #credentials: Credentials = {own: true, header: ''};
  #position = '';
  #backoff = new Backoff();
  #request: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keepAlive = UNKNOWN_KEEP_ALIVE;
  #openSince = NaN;
  #outcome: Outcome | undefined;

  /** @param url without a position */
  constructor(url: URL, listener: StreamListener) {
    this.#url = url;
    this.#listener = listener;
  }

  /** The newest position; empty if none is known. */
  get position(): string {
    return this.#position;
  }

  set credentials(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Opens the stream at a position; if it is empty, where streams of this address begin. */
  open(position: string): void {
    this.#position = position;
    this.#backoff = new Backoff();
    this.#begin();
  }

  /** Opens the stream again where it was. */
  mend(): void {
    this.open(this.#position);
  }

  /** Breaks the connection, and opens no other. */
  cut(): void {
    this.#stop();
    this.#listener.status('cut', 'Your connection is cut. The service keeps what you miss.');
  }

  #stop(): void {
    clearTimeout(this.#timer);
    const request = this.#request;
    this.#request = undefined;
    request?.abort();
  }

  #begin(): void {
    this.#stop();
    const request = new AbortController();
    this.#request = request;
    this.#openSince = NaN;
    this.#outcome = undefined;
    void this.#run(request);
  }

  async #run(request: AbortController): Promise<void> {
    this.#listener.status('connecting', '');
    const outcome = await this.#read(request).catch((): Outcome =>
      this.#outcome ?? {text: 'The connection is lost, or the service does not answer.'});
    if (this.#request !== request) return; // cut, or replaced by another one
    this.#stop();
    this.#backoff.forgive(performance.now() - this.#openSince);
    if (outcome.isFinal) return this.#listener.status('closed', outcome.text);
    const delay = outcome.isFull ? Backoff.refused(outcome.wait) : this.#backoff.next(outcome.wait);
    this.#listener.status('waiting', `${outcome.text} The next attempt is in ${durationOf(delay)}.`);
    this.#timer = setTimeout(() => this.#begin(), delay);
  }

  async #read(request: AbortController): Promise<Outcome> {
    const url = withPosition(this.#url, this.#position);
    const {pathname, search} = new URL(url);
    const began = performance.now();
    this.#listener.text(`\n> GET ${masked(pathname + search)}\n`);
    this.#expectSign(request);
    const response = await fetch(url, {
      headers: {Accept: 'text/event-stream', ...(this.#credentials.header && {Authorization: this.#credentials.header})},
      credentials: this.#credentials.own ? 'same-origin' : 'omit',
      cache: 'no-store',
      signal: request.signal
    });
    this.#listener.text(`> ${response.status}\n\n`);
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('Content-Type') ?? '');
    if (response.status !== 200 || !isStream || !response.body) return outcomeOf(response);
    this.#openSince = performance.now();
    this.#listener.status('open', `The stream is open. It took ${durationOf(this.#openSince - began)}.`);
    return this.#readEvents(request, response.body.getReader());
  }

  async #readEvents(request: AbortController, reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Outcome> {
    const parser = new EventParser(event => {
      if (this.#request === request) this.#take(event, parser);
    });
    const decoder = new TextDecoder();
    for (;;) {
      this.#expectSign(request);
      const {done, value} = await reader.read();
      if (this.#request !== request) return {text: ''};
      if (done) return this.#outcome ?? {text: 'The service ended the stream in good order.', wait: parser.retry};
      const text = decoder.decode(value, {stream: true});
      this.#listener.text(text);
      parser.push(text);
    }
  }

  #take(event: WireEvent, parser: EventParser): void {
    const isError = event.type === 'stream-error';
    const isFinal = isError && event.id === 'error';
    if (!isFinal && event.lastEventId) this.#position = event.lastEventId;
    if (isError) this.#outcome = outcomeOfError(event.data, isFinal, parser.retry);
    if (event.type === 'stream-end') this.#outcome = {text: 'Every channel is finished, and everything was delivered.', isFinal: true};
    if (event.type === 'stream-open') this.#keepAlive = Number(fieldsOf(event.data)['keepAlive']) * 1000 || UNKNOWN_KEEP_ALIVE;
    this.#listener.event(event);
  }

  /** Gives the connection up if nothing arrives for two and a half times as long as the service may be silent. */
  #expectSign(request: AbortController): void {
    if (this.#request !== request) return;
    clearTimeout(this.#timer);
    const longest = 2.5 * this.#keepAlive;
    this.#timer = setTimeout(() => {
      this.#outcome ??= {text: `Nothing has arrived for ${durationOf(longest)}.`};
      request.abort();
    }, longest);
  }
}
