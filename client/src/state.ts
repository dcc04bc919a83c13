import {Backoff} from './backoff.js';
import type {WireEvent} from './parser.js';
import {root} from './root.js';
import type {StreamError} from './source.js';

/** The page's state and the position to which it belongs, as `currentEventId` of the server returns it. */
export interface StateAt<S> {
  state: S;
  lastEventId: string;
}

export type StateSource<S> = () => Promise<StateAt<S>>;

const MAX_KEPT = 1000;
const LONGEST_LOAD = 60_000;

/** Gets the result of loading. */
export interface StateListener<S> {
  /**
   * The state has been loaded.
   *
   * @param kept the events that came while it was loading; undefined if there was no room for all of them
   * @return whether the stream continues from there without another connection
   */
  loaded(loaded: StateAt<S>, kept: WireEvent[] | undefined): boolean;
  failed(error: StreamError): void;
}

/** Loads the page's state, and keeps the events that come while it is loading. */
export class StateLoader<S> {
  readonly #source: StateSource<S>;
  readonly #listener: StateListener<S>;
  readonly #backoff = new Backoff();
  #kept: WireEvent[] | undefined;
  #isFull = false;
  #isLoading = false;
  #attempt = 0;
  #delay = 0; // before the next load, if the one before failed
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(source: StateSource<S>, listener: StateListener<S>) {
    this.#source = source;
    this.#listener = listener;
  }

  /** Loads the state. A load in progress is enough, because the state's position shows whether it is new enough. */
  load(): void {
    this.#kept = [];
    this.#isFull = false;
    if (!this.#isLoading) this.#schedule();
  }

  /** Keeps an event if the state is being loaded. */
  keep(event: WireEvent): boolean {
    if (!this.#kept) return false;
    if (this.#kept.length < MAX_KEPT) this.#kept.push(event);
    else this.#isFull = true;
    return true;
  }

  #schedule(): void {
    this.#isLoading = true;
    if (this.#delay > 0) this.#timer = root.setTimeout(() => this.#run(), this.#delay);
    else this.#run();
  }

  #run(): void {
    const attempt = ++this.#attempt;
    const current = <T>(action: (value: T) => void) => (value: T): void => {
      if (attempt === this.#attempt) action(value);
    };
    this.#timer = root.setTimeout(() => this.#failed('no answer'), LONGEST_LOAD);
    Promise.resolve().then(this.#source).then(checked).then(current(loaded => this.#loaded(loaded)), current(e => this.#failed(e)));
  }

  #loaded(loaded: StateAt<S>): void {
    const kept = this.#isFull ? undefined : this.#kept;
    this.close();
    if (this.#listener.loaded(loaded, kept)) this.#backoff.forgive(Infinity);
    else this.#delay = this.#backoff.next();
  }

  #failed(e: unknown): void {
    root.clearTimeout(this.#timer);
    this.#attempt++;
    this.#delay = this.#backoff.next();
    this.#schedule();
    this.#listener.failed({condition: 'state', text: String(e), channels: []});
  }

  close(): void {
    root.clearTimeout(this.#timer);
    this.#attempt++;
    this.#kept = undefined;
    this.#isLoading = false;
    this.#delay = 0;
  }
}

function checked<S>(loaded: StateAt<S>): StateAt<S> {
  if (typeof loaded?.lastEventId !== 'string') throw new TypeError('no lastEventId');
  return loaded;
}
