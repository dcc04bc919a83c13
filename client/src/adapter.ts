import type {EventStreamClient} from './client.js';
import type {EventInfo} from './client.js';
import {root} from './root.js';
import type {Status} from './source.js';

/**
 * A stream as an EventSource, for libraries that expect one: htmx (`htmx.createEventSource`), Turbo (`connectStreamSource`).
 *
 * It dispatches `error` only while it reconnects, never when it is closed, so that they do not open another one. The reports `reset` and
 * `stream-end` arrive as events whose data is the JSON list of channels.
 */
export function eventSourceOf(stream: EventStreamClient): EventSource {
  return new Adapter(stream) as unknown as EventSource;
}

/**
 * Gives Datastar (version 1) the events of the types `datastar-patch-elements` and `datastar-patch-signals`, as if they were the answer to a
 * request of Datastar itself. Load Datastar first.
 */
export function connectDatastar(stream: EventStreamClient): void {
  for (const type of ['datastar-patch-elements', 'datastar-patch-signals']) {
    stream.on(type, (_: unknown, {text}: EventInfo) => {
      const detail = {type, el: root.document.documentElement, argsRaw: fields(text)};
      root.document.dispatchEvent(new CustomEvent('datastar-fetch', {detail}));
    });
  }
}

/** The values by name of lines like `elements <p>`; those with the same name are lines of one value. */
function fields(text: string): Record<string, string> {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [name = '', ...words] = line.split(' ');
    values.set(name, [...values.get(name) ?? [], words.join(' ')]);
  }
  return Object.fromEntries([...values].map(([name, lines]) => [name, lines.join('\n')]));
}

class Adapter extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onmessage: ((event: Event) => void) | null = null;
  readonly #stream: EventStreamClient;
  readonly #types = new Set(['open', 'error']);

  constructor(stream: EventStreamClient) {
    super();
    this.#stream = stream;
    this.#hear('message');
    stream.on('status', status => this.#changed(status));
    if (stream.status === 'open') queueMicrotask(() => this.#changed(stream.status));
  }

  get readyState(): number {
    return {connecting: this.CONNECTING, waiting: this.CONNECTING, open: this.OPEN, closed: this.CLOSED}[this.#stream.status];
  }

  override addEventListener(...[type, ...rest]: Parameters<EventTarget['addEventListener']>): void {
    this.#hear(type);
    super.addEventListener(type, ...rest);
  }

  override dispatchEvent(event: Event): boolean {
    if (event.type === 'open') this.onopen?.(event);
    if (event.type === 'error') this.onerror?.(event);
    if (event.type === 'message') this.onmessage?.(event);
    return super.dispatchEvent(event);
  }

  #hear(type: string): void {
    if (this.#types.has(type)) return;
    this.#types.add(type);
    this.#stream.on(type, (data: unknown, info?: EventInfo) => {
      this.dispatchEvent(new MessageEvent(type, {data: info?.text ?? JSON.stringify(data), lastEventId: info?.id ?? ''}));
    });
  }

  #changed(status: Status): void {
    if (status !== 'closed') this.dispatchEvent(new Event(status === 'open' ? 'open' : 'error'));
  }

  close(): void {
    this.#stream.close();
  }
}
