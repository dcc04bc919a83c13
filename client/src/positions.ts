const POSITION = /(?:^|,)([^=,]+)=([a-z0-9]{1,16}-[0-9]{1,18})(?=,|$)/g;

/** A channel's encoded name, and a position `epoch-sequence` in it. */
type Entry = [channel: string, position: string];

/**
 * The highest position seen in each channel.
 *
 * An id has the form `name=epoch-sequence,…`, with percent-encoded names. An event with an id of another form is a repeat only if the
 * event before it has the same id.
 */
export class Positions {
  #known: Map<string, string>;
  #lost = new Set<string>(); // the channels and epochs of lost logs: a proxy may be late with events of these
  #opaque = '';

  constructor(id = '') {
    this.#known = new Map(parse(id));
  }

  /** Moves to the positions of an event. Returns whether the event is new: it moves a position, or has no id. */
  advance(id: string | undefined): boolean {
    if (id === undefined) return true;
    const entries = parse(id);
    if (entries.length === 0) return id !== this.#opaque && Boolean(this.#opaque = id);
    const news = entries.filter(entry => isAfter(entry[1], this.#known.get(entry[0])) && !this.#lost.has(logOf(entry)));
    news.forEach(([channel, position]) => this.#known.set(channel, position));
    return news.length > 0;
  }

  /** Whether any of these positions is before the one in `id`, or cannot be compared with it. */
  isBehind(id: string): boolean {
    return parse(id).some(([channel, position]) => {
      const known = this.#known.get(channel);
      return known !== undefined && isAfter(position, known);
    });
  }

  /** The positions after a jump to those in `id`; channels that it does not name stay where they are. */
  movedTo(id: string): Positions {
    const moved = new Positions(this.toString());
    moved.#lost = this.#lost;
    parse(id).forEach(entry => {
      moved.#known.set(...entry);
      moved.#lost.delete(logOf(entry));
    });
    return moved;
  }

  /**
   * Forgets channels, named without encoding.
   *
   * @param areLost whether late events of their logs are repeats, until a jump leads back there
   */
  forget(names: string[], areLost = false): void {
    this.#known.forEach((position, channel) => {
      if (!names.includes(decodeURIComponent(channel))) return;
      this.#known.delete(channel);
      if (areLost) this.#lost.add(logOf([channel, position]));
    });
  }

  /** The names of the channels, without encoding. */
  channels(): string[] {
    return [...this.#known.keys()].map(decodeURIComponent);
  }

  /** How many events lie between these positions and later ones. Channels whose epoch has changed do not count. */
  lostUntil(later: Positions): number {
    let lost = 0;
    later.#known.forEach((position, channel) => {
      const [epoch, sequence] = split(position);
      const [knownEpoch, knownSequence] = split(this.#known.get(channel) ?? '');
      if (epoch === knownEpoch) lost += Number(sequence) - Number(knownSequence);
    });
    return lost;
  }

  /** As an event's id; empty if no position is known. */
  toString(): string {
    return [...this.#known].map(([channel, position]) => `${channel}=${position}`).join();
  }
}

function parse(id: string): Entry[] {
  return [...id.matchAll(POSITION)].map(([, channel, position]) => [channel, position] as Entry);
}

function logOf([channel, position]: Entry): string {
  return channel + split(position)[0];
}

function split(position: string): [epoch: string, sequence: string] {
  return position.split('-') as [string, string];
}

/** Sequences have up to 18 digits, more than a number holds; 0 is before the first event of any epoch. */
function isAfter(position: string, known: string | undefined): boolean {
  if (known === undefined) return true;
  const [epoch, sequence] = split(position);
  const [knownEpoch, knownSequence] = split(known);
  return epoch === knownEpoch ? BigInt(sequence) > BigInt(knownSequence) : sequence !== '0';
}
