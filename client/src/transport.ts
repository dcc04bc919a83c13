import type {WireEvent} from './parser.js';

/** Why a connection ended. */
export interface Failure {
  /** The status of the HTTP answer; undefined if there was none, or if it is not known. */
  status?: number;
  /** After how many milliseconds the server wants the next attempt. */
  retryAfter?: number | undefined;
  text?: string;
}

/** What a connection reports. */
export interface TransportListener {
  /** Bytes have arrived: the connection is alive. */
  alive(): void;
  event(event: WireEvent): void;
  /** The connection is lost, and the transport opens the next one by itself. */
  interrupted(): void;
  /** The connection has ended; the transport does nothing more. */
  failed(failure: Failure): void;
}

/** One connection. It reports nothing after it is closed. */
export interface Transport {
  /** Adds a type of events to report; a transport without this method reports all. */
  listen?(type: string): void;
  close(): void;
}
