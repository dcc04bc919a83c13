// A model of the server: a log for each channel, state that events change, and streams that start, catch up, reset and break.

/** An operation that shows every loss, repetition and exchange. */
export const apply = (state, value) => (Math.imul(state, 31) + value) | 0;

class Channel {
  epoch = 'x';
  newest = 0;
  oldest = 1; // the first event that is still in the log
  state = 0;
  values = [];

  append(value) {
    this.newest++;
    this.values[this.newest] = value;
    this.state = apply(this.state, value);
  }

  /** The log is lost, but not the application's state. */
  wipe(epoch) {
    Object.assign(this, {epoch, newest: 0, oldest: 1, values: []});
  }
}

export class Server {
  channels = {a: new Channel(), b: new Channel()};
  streams = [];
  #epochs = 0;

  wipe(name) {
    this.channels[name].wipe(`y${++this.#epochs}`);
  }

  /** What an application reads in one transaction: its state, and the position to which it belongs. */
  snapshot() {
    const names = Object.keys(this.channels);
    return {
      state: Object.fromEntries(names.map(name => [name, this.channels[name].state])),
      lastEventId: names.map(name => `${name}=${this.channels[name].newest ? this.channels[name].epoch : 0}-${this.channels[name].newest}`).join()
    };
  }

  /** Begins a stream where the request asks for; resets the channels for which that is impossible. */
  accept(request) {
    const url = new URL(request.rawUrl ?? `http://test${request.url}`);
    const asked = new Map((request.lastEventId ?? url.searchParams.get('lastEventId') ?? '').split(',').filter(Boolean).map(entry => {
      const [name, epoch, sequence] = entry.split(/[=-]/);
      return [name, {epoch, sequence: Number(sequence)}];
    }));
    const stream = {request, positions: {}};
    const lost = [];
    for (const [name, channel] of Object.entries(this.channels)) {
      const {epoch, sequence} = asked.get(name) ?? {epoch: channel.epoch, sequence: channel.newest};
      const isHonoured = sequence === 0 ? channel.oldest === 1 : epoch === channel.epoch && sequence >= channel.oldest - 1;
      stream.positions[name] = {epoch, sequence};
      if (!isHonoured) lost.push(name);
    }
    request.open(this.#id(stream));
    lost.forEach(name => this.reset(stream, name));
    this.streams.push(stream);
  }

  #id({positions}) {
    return Object.entries(positions).map(([name, {epoch, sequence}]) => `${name}=${sequence ? epoch : 0}-${sequence}`).join();
  }

  /** Sends the next event of a channel; resets it if that event is gone. Returns whether there was anything to send. */
  send(stream, name) {
    const channel = this.channels[name];
    const position = stream.positions[name];
    if (position.sequence === channel.newest) return false;
    if (position.sequence < channel.oldest - 1) return this.reset(stream, name);
    const sequence = position.sequence + 1;
    stream.positions[name] = {epoch: channel.epoch, sequence};
    this.#repeatable = () => stream.request.event('message', JSON.stringify({name, value: channel.values[sequence]}), this.#sent);
    this.#sent = this.#id(stream);
    this.#repeatable();
    return true;
  }

  #sent = '';
  #repeatable = () => {};

  /** Sends the newest event once more. */
  repeat() {
    this.#repeatable();
  }

  /** The reader was too slow: it continues from now. */
  reset(stream, name) {
    stream.positions[name] = {epoch: this.channels[name].epoch, sequence: this.channels[name].newest};
    stream.request.event('stream-reset', JSON.stringify({channels: [name]}), this.#id(stream));
    return true;
  }
}
