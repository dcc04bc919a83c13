const ENTRY = /^([^=,\s]+)=(0-0|[a-z0-9]{1,16}-[1-9][0-9]{0,17})$/;

/** The positions in an id: `epoch-sequence` by the channel's name, decoded. */
export type Channels = Map<string, string>;

/**
 * Reads an id, `name=epoch-sequence,…`.
 *
 * @throws RangeError if it is malformed; the message quotes the entry
 */
export function read(id: string): Channels {
  const channels: Channels = new Map();
  if (id === '') return channels;
  for (const entry of id.split(',')) {
    const [, name, position] = ENTRY.exec(entry) ?? [];
    if (name === undefined || position === undefined) {
      throw new RangeError(`“${entry.slice(0, 50)}” is not a position; one looks like orders=k3f9x2-41.`);
    }
    channels.set(decoded(name), position);
  }
  return channels;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The positions in an id that another one lacks; none if an id is malformed, such as that of an error. */
export function moved(from: string, to: string): Channels {
  try {
    const before = read(from);
    return new Map([...read(to)].filter(([channel, position]) => before.get(channel) !== position));
  } catch {
    return new Map();
  }
}

/** Two positions in a channel, empty if there is none, and what lies between them. */
export interface Difference {
  channel: string;
  one: string;
  other: string;
  text: string;
}

/**
 * Compares two ids, channel by channel.
 *
 * @throws RangeError if one is malformed
 */
export function compare(one: string, other: string): Difference[] {
  const [ones, others] = [read(one), read(other)];
  return [...new Set([...ones.keys(), ...others.keys()])].sort().map(channel => {
    const [first = '', second = ''] = [ones.get(channel), others.get(channel)];
    return {channel, one: first, other: second, text: between(first, second)};
  });
}

function between(one: string, other: string): string {
  if (one === other) return 'the same';
  if (one === '' || other === '') return one === '' ? 'missing in the first' : 'missing in the second';
  const [epoch, sequence] = split(one);
  const [otherEpoch, otherSequence] = split(other);
  // 0-0 is before the first event of any epoch
  if (epoch !== otherEpoch && sequence !== 0n && otherSequence !== 0n) return 'not comparable: the logs differ';
  const events = otherSequence - sequence;
  const count = events < 0n ? -events : events;
  return `${count} ${count === 1n ? 'event' : 'events'} ${events < 0n ? 'earlier' : 'later'}`;
}

function split(position: string): [epoch: string, sequence: bigint] {
  const [epoch = '', sequence = '0'] = position.split('-');
  return [epoch, BigInt(sequence)];
}
