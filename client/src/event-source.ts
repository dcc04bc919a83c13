import type {WireEvent} from './parser.js';
import type {Transport, TransportListener} from './transport.js';

/**
 * Finds out which events have an `id:` line. EventSource does not report it: for an event without one, it shows the id of the event before.
 *
 * So an unchanged id belongs either to such an event, or to a repetition of the event that brought it.
 */
export class IdTracker {
  #carrier: {type?: string; data?: string; lastEventId?: string} = {}; // the event that brought the newest `id:` line
  readonly #withoutId = new Set<string>(); // types that are known to come without an `id:` line

  ownId({type, data, lastEventId}: MessageEvent<string>): string | undefined {
    const carrier = this.#carrier;
    if (lastEventId === '') return undefined;
    if (lastEventId !== carrier.lastEventId) {
      this.#carrier = {type, data, lastEventId};
      return lastEventId;
    }
    if (type !== carrier.type || data !== carrier.data) this.#withoutId.add(type);
    return this.#withoutId.has(type) ? undefined : lastEventId;
  }
}

/** A connection of the browser's EventSource, which comes back by itself after most failures. */
export class EventSourceTransport implements Transport {
  readonly #source: EventSource;
  readonly #ids: IdTracker;
  readonly #listener: TransportListener;

  constructor(url: string, withCredentials: boolean, ids: IdTracker, listener: TransportListener) {
    this.#ids = ids;
    this.#listener = listener;
    this.#source = new EventSource(url, {withCredentials});
    this.#source.addEventListener('error', event => {
      if ('data' in event) return; // an event of this type from a server
      if (this.#source.readyState === EventSource.CLOSED) listener.failed({});
      else listener.interrupted();
    });
  }

  listen(type: string): void {
    this.#source.addEventListener(type, event => this.#received(event as MessageEvent<string>));
  }

  #received(event: MessageEvent<string>): void {
    const {type, data, lastEventId} = event;
    this.#listener.event({type, data, lastEventId, id: this.#ids.ownId(event)} satisfies WireEvent);
  }

  close(): void {
    this.#source.close();
  }
}
