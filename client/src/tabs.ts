import type {WireEvent} from './parser.js';
import {Positions} from './positions.js';
import {root} from './root.js';
import type {Share, Source, SourceListener, Status, StreamError} from './source.js';

const PREFIX = 'eventstream:1:'; // the number changes with the messages

/** The messages between tabs. */
type Message =
  | {kind: 'leader'} // the sender has the connection from now on
  | {kind: 'join'; position: string} // the sender wants the events after its position
  | {kind: 'welcome'; to: string; position: string; status: Status} // from now on, events are for that tab
  | {kind: 'opened'; event: WireEvent; latency: number}
  | {kind: 'event'; event: WireEvent}
  | {kind: 'status'; status: Status; reason: StreamError | undefined}
  | {kind: 'shorten'}
  | {kind: 'ended'; channels: string[]};

/**
 * Lets all tabs of the browser that use the name read one connection. If its tab is closed or dies, another takes over.
 *
 * Every tab of this origin with the same name gets every event, so the name must contain the user, if what the stream shows depends on
 * the user. Without Web Locks (they need HTTPS or localhost), each tab has a connection.
 */
export function shareTabs(name: string): Share {
  return (connect, listener) => root.navigator?.locks && root.BroadcastChannel
    ? new SharedSource(`${PREFIX}${name}`, connect, listener)
    : connect(listener);
}

/**
 * One tab. The tab that holds the lock is the leader: it has the connection, and sends all that it hears to the others.
 *
 * Each tab drops repeats, by position. A tab gets events only once the leader has welcomed it, and the leader first makes
 * sure that its connection continues from that tab's position: if need be, it opens another one from there.
 */
class SharedSource implements Source, SourceListener {
  readonly #name: string;
  readonly #connect: (listener: SourceListener) => Source;
  readonly #listener: SourceListener;
  readonly #id = String(Math.random());
  readonly #unlisten = new AbortController();
  #channel: BroadcastChannel | undefined;
  #candidacy: AbortController | undefined;
  #resign = (): void => {};
  #connection: Source | undefined; // of the leader
  #reached = new Positions(); // by the connection of the leader, wherever the tabs are
  #status: Status = 'connecting';
  #isSuspended = false;
  #leader = ''; // the one that has welcomed this tab

  constructor(name: string, connect: (listener: SourceListener) => Source, listener: SourceListener) {
    this.#name = name;
    this.#connect = connect;
    this.#listener = listener;
    // a tab in the back/forward cache must hold neither lock nor connection
    const {signal} = this.#unlisten;
    root.addEventListener('pagehide', () => this.#suspend(), {signal});
    root.addEventListener('pageshow', () => this.#isSuspended && this.connect(), {signal});
  }

  #suspend(): void {
    this.#isSuspended = this.#channel !== undefined;
    this.#leave();
    this.#listener.status('connecting');
  }

  connect(): void {
    this.#isSuspended = false;
    this.#channel = new root.BroadcastChannel(this.#name);
    this.#channel.onmessage = ({data: [from, message]}: MessageEvent<[string, Message]>) => this.#hear(from, message);
    this.#candidacy = new AbortController();
    root.navigator.locks.request(this.#name, {signal: this.#candidacy.signal}, () => this.#lead()).catch(() => {});
    this.#join();
  }

  /** Holds the lock until this tab leaves. */
  #lead(): Promise<void> {
    const {promise, resolve} = pending();
    this.#resign = resolve;
    this.#leader = this.#id;
    this.#reached = new Positions(this.#listener.lastEventId());
    this.#connection = this.#connect(this);
    this.#say({kind: 'leader'});
    this.#connection.connect();
    return promise;
  }

  #join(): void {
    this.#leader = '';
    this.#say({kind: 'join', position: this.#listener.lastEventId()});
  }

  #say(message: Message): void {
    this.#channel?.postMessage([this.#id, message]);
  }

  #hear(from: string, message: Message): void {
    if (this.#connection) this.#hearAsLeader(this.#connection, from, message);
    else if (message.kind === 'leader') this.#join();
    else if (message.kind === 'welcome' && message.to === this.#id) this.#welcomed(from, message.position, message.status);
    else if (from === this.#leader) this.#pass(message);
  }

  /** Takes another tab in. */
  #hearAsLeader(connection: Source, from: string, message: Message): void {
    if (message.kind !== 'join') return;
    const before = this.lastEventId();
    this.#reached = earliest(this.#reached, message.position);
    this.#say({kind: 'welcome', to: from, position: this.lastEventId(), status: this.#status});
    if (this.lastEventId() !== before) connection.refresh();
  }

  #welcomed(leader: string, position: string, status: Status): void {
    this.#leader = leader;
    if (status === 'open') this.#listener.opened({type: 'stream-open', data: '{}', id: position, lastEventId: position}, 0);
    this.#listener.status(status);
  }

  #pass(message: Message): void {
    if (message.kind === 'event') this.#listener.event(message.event);
    else if (message.kind === 'opened') this.#listener.opened(message.event, message.latency);
    else if (message.kind === 'status') this.#listener.status(message.status, message.reason);
    else if (message.kind === 'shorten') this.#listener.shorten();
    else if (message.kind === 'ended') this.#listener.ended(message.channels);
    if (message.kind === 'status' && message.status === 'closed') this.close();
  }

  // ---- what the leader hears from its connection, for itself and the others

  lastEventId(): string {
    return this.#reached.toString();
  }

  address(base: string | URL): string {
    return this.#listener.address(base, this.lastEventId());
  }

  opened(event: WireEvent, latency: number): void {
    this.#reached = this.#reached.movedTo(event.lastEventId);
    this.#tell({kind: 'opened', event, latency});
  }

  event(event: WireEvent): void {
    this.#reached = event.type === 'stream-reset' ? new Positions(event.lastEventId) : this.#reached.movedTo(event.id ?? '');
    this.#tell({kind: 'event', event});
  }

  status(status: Status, reason?: StreamError): void {
    if (!this.#connection) return; // it was closed because this tab leaves
    this.#status = status;
    this.#tell({kind: 'status', status, reason});
  }

  ended(channels: string[]): void {
    this.#tell({kind: 'ended', channels});
  }

  shorten(): boolean {
    if (this.lastEventId() === '') return false;
    this.#reached = new Positions();
    this.#tell({kind: 'shorten'});
    return true;
  }

  #tell(message: Message): void {
    this.#say(message);
    this.#pass(message);
  }

  // ---- what the client asks for

  listen(): void {} // the connection uses fetch, which hears all types

  refresh(): void {
    if (!this.#connection) return this.#join(); // nothing is lost: the leader begins at the position of this tab
    this.#reached = earliest(this.#reached, this.#listener.lastEventId());
    this.#connection.refresh();
  }

  #leave(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#channel?.close();
    this.#channel = undefined;
    this.#candidacy?.abort();
    this.#leader = '';
    connection?.close();
    this.#resign();
  }

  close(): void {
    if (this.#unlisten.signal.aborted) return;
    this.#unlisten.abort();
    this.#leave();
    this.#listener.status('closed');
  }
}

/** The earlier of both positions in each channel; where they cannot be compared, the one in `id`. */
function earliest(reached: Positions, id: string): Positions {
  return id.split(',').reduce((positions, entry) => {
    const moved = positions.movedTo(entry);
    const isMissing = moved.channels().length > positions.channels().length;
    return isMissing || new Positions(entry).isBehind(positions.toString()) ? moved : positions;
  }, reached);
}

function pending(): {promise: Promise<void>; resolve: () => void} {
  let resolve = (): void => {};
  const promise = new Promise<void>(done => { resolve = done; });
  return {promise, resolve};
}
