import {EventParser} from './parser.js';
import {root} from './root.js';
import type {Failure, Transport, TransportListener} from './transport.js';

const MAX_TEXT = 500; // of an error's body

/** A connection over `fetch`: it sends a token, and sees the status, every byte and every type of event. */
export class FetchTransport implements Transport {
  readonly #abort = new AbortController();
  readonly #listener: TransportListener;

  constructor(url: string, withCredentials: boolean, token: string, listener: TransportListener) {
    this.#listener = listener;
    void this.#run(url, {
      headers: {Accept: 'text/event-stream', ...(token && {Authorization: `Bearer ${token}`})},
      credentials: withCredentials ? 'include' : 'same-origin',
      cache: 'no-store',
      signal: this.#abort.signal
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #run(url: string, request: RequestInit): Promise<void> {
    const failure = await this.#read(url, request).catch((e: unknown): Failure => ({text: String(e)}));
    if (!this.#abort.signal.aborted) {
      this.close(); // also after an answer whose body is not read
      this.#listener.failed(failure);
    }
  }

  async #read(url: string, request: RequestInit): Promise<Failure> {
    const response = await root.fetch(url, request);
    const type = response.headers.get('Content-Type') ?? '';
    if (response.status !== 200 || !/^text\/event-stream\b/i.test(type) || !response.body) return refusal(response);
    const parser = new EventParser(event => {
      if (!this.#abort.signal.aborted) this.#listener.event(event);
    });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const {done, value} = await reader.read();
      if (done || this.#abort.signal.aborted) return {retryAfter: parser.retry};
      this.#listener.alive();
      parser.push(decoder.decode(value, {stream: true}));
    }
  }
}

async function refusal(response: Response): Promise<Failure> {
  const {status, headers} = response;
  const after = headers.get('Retry-After') ?? '';
  return {
    status,
    retryAfter: Number(after) * 1000 || Date.parse(after) - Date.now(),
    text: status === 200 ? 'not a stream' : (await response.text()).slice(0, MAX_TEXT)
  };
}
