const LIMIT = 500;

/**
 * How long events take from this page to the service and back. The wire has no times, so only events that this page has sent have a
 * latency: both moments are from one clock.
 */
export class Latency<T> {
  readonly #sent = new Map<string, number>();
  readonly #arrived = new Map<string, {at: number; item: T}>();
  readonly #onKnown: (item: T, millis: number) => void;

  constructor(onKnown: (item: T, millis: number) => void) {
    this.#onKnown = onKnown;
  }

  /** The service has answered a post with the event's id in its channel. The event may have arrived before the answer. */
  sent(at: number, channel: string, id: string): void {
    const arrival = this.#arrived.get(keyOf(channel, id));
    if (arrival) this.#onKnown(arrival.item, arrival.at - at);
    else put(this.#sent, keyOf(channel, id), at);
  }

  /** An event has arrived that moves the position in a channel to that id. */
  arrived(at: number, channel: string, id: string, item: T): void {
    const key = keyOf(channel, id);
    const sent = this.#sent.get(key);
    if (sent !== undefined && this.#sent.delete(key)) this.#onKnown(item, at - sent);
    else put(this.#arrived, key, {at, item});
  }
}

function keyOf(channel: string, id: string): string {
  return `${id} ${channel}`;
}

function put<V>(map: Map<string, V>, key: string, value: V): void {
  map.set(key, value);
  if (map.size > LIMIT) map.delete(map.keys().next().value as string);
}
