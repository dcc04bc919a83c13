import {root} from './root.js';

export type Handler = (...values: any[]) => void;

/** The handlers of each type. One that throws does not affect the others: its error goes to the page's error handling. */
export class Handlers {
  readonly #handlers = new Map<string, Handler[]>();

  add(type: string, handler: Handler): void {
    this.#handlers.set(type, [...this.#of(type), handler]);
  }

  /** Removes a handler, or all of the type. */
  remove(type: string, handler?: Handler): void {
    this.#handlers.set(type, this.#of(type).filter(other => handler && other !== handler));
  }

  tell(type: string, ...values: unknown[]): void {
    this.#of(type).forEach(handler => {
      try {
        handler(...values);
      } catch (e) {
        root.setTimeout(() => { throw e; });
      }
    });
  }

  #of(type: string): Handler[] {
    return this.#handlers.get(type) ?? [];
  }
}
