/** Longest event that is read, in characters: a server that never ends a line must not fill the memory. */
const MAX_LENGTH = 2 ** 26;

/** An event as it came over the wire. */
export interface WireEvent {
  type: string;
  data: string;
  /** The `id:` line of this event; undefined if it has none. */
  id?: string | undefined;
  /** The newest `id:` line of the connection, as EventSource shows it. */
  lastEventId: string;
}

/**
 * Reads `text/event-stream` (HTML standard, 9.2.6), without any input or output.
 *
 * It differs from the standard in one point, so that the position can move without an event: it passes on a block that has an `id:` line
 * but no data, with an empty type. The time is linear in the length of the text, however it is cut into chunks.
 */
export class EventParser {
  /** What the server's latest `retry:` line asks for, in milliseconds. */
  retry: number | undefined;

  readonly #onEvent: (event: WireEvent) => void;
  #rest: string[] = []; // of a line that is not complete
  #length = 0;
  #afterCarriageReturn = false;
  #type = '';
  #data: string[] = [];
  #id: string | undefined;
  #lastEventId = '';

  constructor(onEvent: (event: WireEvent) => void) {
    this.#onEvent = onEvent;
  }

  /**
   * Takes the next part of the text, without a byte order mark.
   *
   * @throws RangeError if an event has more than 64 Mi characters
   */
  push(chunk: string): void {
    if (chunk === '') return;
    this.#length += chunk.length;
    const text = this.#afterCarriageReturn && chunk[0] === '\n' ? chunk.slice(1) : chunk;
    this.#afterCarriageReturn = chunk.endsWith('\r');
    const lines = text.split(/\r\n|\n|\r/);
    const last = lines.pop() as string;
    lines.forEach(line => {
      this.#rest.push(line);
      this.#line(this.#rest.join(''));
      this.#rest = [];
    });
    if (last) this.#rest.push(last);
    if (this.#length > MAX_LENGTH) throw new RangeError('too large');
  }

  #line(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id' && !value.includes('\0')) this.#id = value;
    else if (name === 'retry' && /^[0-9]+$/.test(value)) this.retry = Number(value);
  }

  #dispatch(): void {
    const [type, data, id] = [this.#type || 'message', this.#data, this.#id];
    [this.#type, this.#data, this.#id, this.#length] = ['', [], undefined, 0];
    this.#lastEventId = id ?? this.#lastEventId;
    const lastEventId = this.#lastEventId;
    if (data.length > 0) this.#onEvent({type, data: data.join('\n'), id, lastEventId});
    else if (id !== undefined) this.#onEvent({type: '', data: '', id, lastEventId});
  }
}
