import {ChannelChanges} from './channels.js';
import {Connection, WIRE_TYPES, type Address, type ConnectionOptions} from './connection.js';
import {Handlers, type Handler} from './handlers.js';
import {EventQueue} from './queue.js';
import {decode} from './json.js';
import type {WireEvent} from './parser.js';
import {Positions} from './positions.js';
import type {Share, Source, SourceListener, Status, StreamError} from './source.js';
import {StateLoader, type StateAt, type StateSource} from './state.js';
import type {TokenSource} from './token.js';
import {withPosition} from './url.js';

const OWN = ['reset', 'error', 'status', ...WIRE_TYPES];

/** The second argument of a handler. */
export interface EventInfo {
  /** The newest position of the stream, which is this event's own if it is stored. */
  id: string;
  type: string;
  /** The data as it was sent. */
  text: string;
}

/** An event, as `for await` gets it. */
export interface StreamEvent<T = any> extends EventInfo {
  /** The data: parsed if it is JSON, otherwise the text. */
  data: T;
}

/** Events that this page will never get. */
export interface Gap {
  channels: string[];
  /** The smallest possible number of lost events. If the server lost its log, the exact number is unknown. */
  lost: number;
}

/** Counts of everything that has happened so far. */
export interface Stats {
  /** Events that were passed to handlers, or would have been if there were any. */
  received: number;
  /** Events that were dropped because the page had them already. */
  repeated: number;
  /** Events that a reset reported as lost, at least. */
  lost: number;
  /** Connections after the first. */
  reconnects: number;
  /** Milliseconds between the latest request and the beginning of its stream. */
  latency: number;
}

export interface EventStreamOptions<S = any> {
  /** The position to start from; by default, now. */
  lastEventId?: string;
  /** Sends cookies to another origin, too, as in EventSource. */
  withCredentials?: boolean;
  /** A bearer token, asked for again before it expires and after the answer 401. The stream then uses `fetch`. */
  token?: TokenSource;
  /** `fetch` uses it from the start; by default, the stream uses EventSource where that suffices. */
  transport?: 'fetch';
  /** Loads the page's state and its position, at first and after each reset; handlers of `state` get it. The stream then uses `fetch`. */
  state?: StateSource<S>;
  /** Called when events are lost. */
  onGap?: (gap: Gap) => void;
  /** Closes the stream when it is aborted. */
  signal?: AbortSignal;
  /** `shareTabs(name)`: all tabs of the browser that use this name read one connection. */
  share?: Share;
}

/** The reports that `on` accepts besides the events of a stream. */
export interface Reports<S = any> {
  /** Events of these channels are lost: load their state again. */
  reset: [channels: string[]];
  error: [error: StreamError];
  status: [status: Status];
  /** These channels are finished, and the stream is closed. Empty if the server answered 204. */
  'stream-end': [channels: string[]];
  /** The option `state` has loaded this state. */
  state: [state: S];
}

/** The types of the events of a stream and of their data. */
export type EventMap = Record<string, any>;

/** Reads a stream of dropwizard-eventstream. Each event is reported once and in order, even if connections are lost. */
export class EventStreamClient<E extends EventMap = EventMap, S = any> implements AsyncIterable<StreamEvent> {
  /** For display; handlers of `status` hear when it changes. */
  status: Status = 'connecting';
  readonly stats: Readonly<Stats>;

  readonly #stats = {received: 0, repeated: 0, lost: 0, reconnects: 0, latency: 0};
  readonly #options: EventStreamOptions<S>;
  readonly #handlers = new Handlers();
  readonly #queues = new Set<EventQueue<StreamEvent>>();
  readonly #channels = new ChannelChanges();
  readonly #source: Source;
  readonly #state: StateLoader<S> | undefined;
  #wasOpen = false;
  #start: string;
  #positions: Positions;
  #base: Positions | undefined; // where the stream continued after a reset, while the state is being loaded
  #unreadable: Positions | undefined; // too large for the server

  /**
   * Opens a stream.
   *
   * @param url its address, or a function that returns it and is called before each connection
   */
  constructor(url: Address | (() => Address | Promise<Address>), options: EventStreamOptions<S> = {}) {
    this.stats = this.#stats;
    this.#options = options;
    this.#start = options.lastEventId ?? '';
    this.#positions = new Positions(this.#start);
    const connection: ConnectionOptions = {
      url,
      withCredentials: options.withCredentials ?? false,
      token: options.token,
      // EventSource cannot send a token, and hides which events have an id
      fetch: Boolean(options.transport || options.token || options.state || options.share)
    };
    const connect = (listener: SourceListener): Source => new Connection(connection, listener);
    this.#source = options.share ? options.share(connect, this.#listener()) : connect(this.#listener());
    this.#state = options.state && new StateLoader(options.state, {
      loaded: (loaded, kept) => this.#loaded(loaded, kept),
      failed: error => this.#handlers.tell('error', error)
    });
    options.signal?.addEventListener('abort', () => this.close(), {once: true});
    if (options.signal?.aborted) this.close();
    else if (this.#state) this.#state.load();
    else this.#source.connect();
  }

  /** Calls the handler for each event of the type, or for a report: reset, error, status, stream-end, state. */
  on<K extends keyof Reports>(report: K, handler: (...values: Reports<S>[K]) => void): this;
  on<K extends keyof E & string>(type: K, handler: (data: E[K], info: EventInfo) => void): this;
  on(type: string, handler: Handler): this {
    this.#handlers.add(type, handler);
    this.#listen(type);
    return this;
  }

  /** As `on`, for the next event only. */
  once<K extends keyof Reports>(report: K, handler: (...values: Reports<S>[K]) => void): this;
  once<K extends keyof E & string>(type: K, handler: (data: E[K], info: EventInfo) => void): this;
  once(type: string, handler: Handler): this {
    const once: Handler = (...values) => {
      this.#handlers.remove(type, once);
      handler(...values);
    };
    return this.on(type, once);
  }

  /** Removes a handler of `on`, or all of the type. */
  off(type: string, handler?: Handler): this {
    this.#handlers.remove(type, handler);
    return this;
  }

  /**
   * The events of these types, for `for await`; without types, all events that the client gets (over `fetch`, all that are sent).
   *
   * The loop ends when the stream is closed. It throws a `StreamError` if the stream fails permanently, and an `Error` if more than 1,000
   * events wait for it.
   */
  events<K extends keyof E & string>(...types: K[]): AsyncGenerator<StreamEvent<E[K]>, void, void> {
    types.forEach(type => this.#listen(type));
    const queue = new EventQueue<StreamEvent>(types);
    this.#queues.add(queue);
    if (this.status === 'closed') queue.end();
    return queue.read();
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this.events();
  }

  /** Adds channels to the stream; they begin now, or at the position. Only for an address that names channels (`?channel=`). */
  addChannels(names: string | string[], lastEventId = ''): this {
    this.#channels.set(names, true);
    return this.#continue(this.#positions.movedTo(lastEventId));
  }

  /** Removes channels from the stream. */
  removeChannels(names: string | string[]): this {
    this.#channels.set(names, false);
    this.#positions.forget([names].flat());
    return this.#continue(this.#positions);
  }

  #continue(positions: Positions): this {
    this.#positions = positions;
    this.#source.refresh();
    return this;
  }

  /** Ends the stream; it does not reconnect. */
  close(): void {
    this.#source.close();
  }

  #listen(type: string): void {
    if (!OWN.includes(type)) this.#source.listen(type);
  }

  #listener(): SourceListener {
    return {
      lastEventId: () => this.#lastEventId(),
      address: (base, lastEventId = this.#lastEventId()) => withPosition(this.#channels.applyTo(base), lastEventId),
      event: event => this.#received(event),
      opened: (event, latency) => this.#opened(event, latency),
      status: (status, reason) => this.#setStatus(status, reason),
      shorten: () => this.#shorten(),
      ended: channels => this.#handlers.tell('stream-end', channels)
    };
  }

  #received(event: WireEvent): void {
    if (event.type === 'stream-reset') this.#reset(event);
    else if (event.type !== '' && event.type !== 'keep-alive') this.#pass(event);
    else this.#positions.advance(event.id);
  }

  #opened(event: WireEvent, latency: number): void {
    const unreadable = this.#unreadable;
    this.#unreadable = undefined;
    this.#stats.latency = latency;
    if (this.#wasOpen) this.#stats.reconnects++;
    this.#wasOpen = true;
    this.#positions.advance(event.id);
    if (unreadable) this.#lost(unreadable.channels(), unreadable);
  }

  /** Passes an event on, unless the page has it already. */
  #pass(event: WireEvent): void {
    if (!this.#positions.advance(event.id)) this.#stats.repeated++;
    else if (!this.#state?.keep(event)) this.#deliver(event);
  }

  #deliver({type, data, lastEventId}: WireEvent): void {
    this.#stats.received++;
    const info: EventInfo = {id: lastEventId, type, text: data};
    const value = decode(data);
    if (!OWN.includes(type)) this.#handlers.tell(type, value, info);
    this.#queues.forEach(queue => queue.offer({...info, data: value}) || this.#queues.delete(queue));
  }

  #reset(event: WireEvent): void {
    const before = this.#positions;
    const channels: string[] = decode(event.data)?.channels ?? [];
    this.#start = '';
    const kept = before.movedTo('');
    kept.forget(channels, true);
    this.#positions = kept.movedTo(event.lastEventId);
    this.#positions.advance(kept.toString());
    this.#lost(channels, before);
  }

  #lost(channels: string[], before: Positions): void {
    const lost = Math.max(channels.length, before.lostUntil(this.#positions));
    this.#stats.lost += lost;
    this.#base = this.#positions.movedTo('');
    this.#state?.load();
    this.#handlers.tell('reset', channels);
    this.#options.onGap?.({channels, lost});
  }

  /** Continues from the state if the stream has reached it; otherwise from a connection that begins there. */
  #loaded({state, lastEventId}: StateAt<S>, kept: WireEvent[] | undefined): boolean {
    const reached = this.#positions;
    const base = this.#base;
    this.#base = undefined;
    this.#start = lastEventId;
    this.#positions = (base ?? reached).movedTo(lastEventId);
    const isContinuous = base !== undefined && kept !== undefined && !new Positions(lastEventId).isBehind(base.toString());
    this.#handlers.tell('state', state);
    kept?.forEach(event => (isContinuous || event.id === undefined) && this.#pass(event));
    if (isContinuous) this.#positions.advance(reached.toString());
    else if (base) this.#source.refresh();
    else this.#source.connect();
    return isContinuous || base === undefined;
  }

  #lastEventId(): string {
    return this.#positions.toString() || this.#start;
  }

  /** The channels are reported as reset once the next connection is open, so that their state is loaded after it began. */
  #shorten(): boolean {
    if (!this.#lastEventId()) return false;
    this.#unreadable = this.#positions;
    this.#start = '';
    this.#positions = new Positions();
    return true;
  }

  #setStatus(status: Status, reason?: StreamError): void {
    if (this.status === 'closed') return;
    const isChanged = this.status !== status;
    this.status = status;
    if (status === 'closed') {
      this.#state?.close();
      this.#queues.forEach(queue => queue.end(reason));
    }
    if (isChanged) this.#handlers.tell('status', status);
    if (reason) this.#handlers.tell('error', reason);
  }
}
