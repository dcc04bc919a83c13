import type {WireEvent} from './parser.js';

/** The status of a stream; `waiting` means that the server has no room at present. */
export type Status = 'connecting' | 'open' | 'waiting' | 'closed';

/** Why a stream ended or could not be opened. */
export interface StreamError {
  /** A word of the server, such as `forbidden`, or of this client: `unauthorized`, `too-large`, `http`,
   * `page` (the function `url` or `token` failed) or `state`. */
  condition: string;
  text: string;
  channels: string[];
  /** The status of the HTTP answer, if it was the reason. */
  status?: number | undefined;
}

/** What a source of events reports. */
export interface SourceListener {
  /** The position from which the events of the source must continue; empty for now. */
  lastEventId(): string;
  /** The address of the next connection: the given one, with the present channels and the position. */
  address(base: string | URL, lastEventId?: string): string;
  event(event: WireEvent): void;
  /** The answer to the latest request has begun; the latency is in milliseconds. */
  opened(event: WireEvent, latency: number): void;
  /** The status may have changed, for the given reason. */
  status(status: Status, reason?: StreamError): void;
  /** The address is too long for the server: removes the position, and returns whether there was one. */
  shorten(): boolean;
  /** All channels are finished. */
  ended(channels: string[]): void;
}

/** Where the events of a stream come from: a connection of this tab, or another tab. */
export interface Source {
  /** Opens the first connection, from the position of the listener. */
  connect(): void;
  /** Replaces the present connection, if there is any, with one from the position of the listener. */
  refresh(): void;
  listen(type: string): void;
  close(): void;
}

/** Makes a source that may use the connection of another tab, or open one. */
export type Share = (connect: (listener: SourceListener) => Source, listener: SourceListener) => Source;
