/** The newest items, within a limit of items and one of characters. The newest item stays, however long it is. */
export class Newest<T extends {data: string}> {
  readonly #limit: number;
  readonly #characters: number;
  #items: T[] = [];
  #length = 0;

  constructor(limit: number, characters: number) {
    this.#limit = limit;
    this.#characters = characters;
  }

  /** Adds an item, and returns those that had to go, oldest first. */
  add(item: T): T[] {
    this.#items.push(item);
    this.#length += item.data.length;
    let gone = 0;
    while (this.#items.length - gone > this.#limit || (this.#length > this.#characters && this.#items.length - gone > 1)) {
      this.#length -= (this.#items[gone++] as T).data.length;
    }
    return this.#items.splice(0, gone);
  }

  /** All items, oldest first. */
  all(): readonly T[] {
    return this.#items;
  }

  /** Removes and returns all items. */
  take(): T[] {
    const items = this.#items;
    [this.#items, this.#length] = [[], 0];
    return items;
  }
}
