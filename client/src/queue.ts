const MAX_WAITING = 1000;

/** Events that wait for the reader of a `for await`. */
export class EventQueue<T extends {type: string}> {
  readonly #types: readonly string[];
  #waiting: T[] = [];
  #error: unknown;
  #isEnded = false;
  #wake = (): void => {};

  /**
   * @param types the accepted types; all if the list is empty
   */
  constructor(types: readonly string[]) {
    this.#types = types;
  }

  /** Adds an event; false if the reader has gone. */
  offer(event: T): boolean {
    if (this.#isEnded) return false;
    if (this.#waiting.length >= MAX_WAITING) this.end(new Error('too many events wait'));
    else if (this.#types.length === 0 || this.#types.includes(event.type)) this.#waiting.push(event);
    this.#wake();
    return true;
  }

  /** No more events will come. */
  end(error?: unknown): void {
    this.#isEnded = true;
    this.#error ??= error;
    this.#wake();
  }

  /** Reads the queue to its end. */
  async *read(): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        while (this.#waiting.length > 0) yield this.#waiting.shift() as T;
        if (this.#error) throw this.#error;
        if (this.#isEnded) return;
        await new Promise<void>(resolve => { this.#wake = resolve; });
      }
    } finally {
      this.end();
    }
  }
}
