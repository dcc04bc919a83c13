import {at, atEnd} from './dom.js';
import {contains, isKeepAlive, type Entry} from './entry.js';
import {Newest} from './newest.js';
import {rowOf, showLatency, type RowActions} from './row.js';

/** Most rows of the list, and most characters of their data. */
const ROWS = 500;
const CHARACTERS = 2 ** 22;
/** How often the list changes: a browser cannot show hundreds of events a second one by one. */
const INTERVAL = 100;

/** The list of entries. It shows the newest ones, and counts those that it no longer has. While it is paused, it does not change. */
export class EntryList {
  readonly #box = at<HTMLOListElement>('entries');
  readonly #actions: RowActions;
  readonly #rows = new Map<Entry, HTMLLIElement>();
  #shown = new Newest<Entry>(ROWS, CHARACTERS);
  #waiting = new Newest<Entry>(ROWS, CHARACTERS);
  #dropped = 0;
  #isPaused = false;
  #filter = '';
  #hidesKeepAlives = false;

  constructor(actions: RowActions) {
    this.#actions = actions;
    setInterval(() => this.#flush(), INTERVAL);
  }

  add(entry: Entry): void {
    this.#dropped += this.#waiting.add(entry).length;
  }

  /** How many entries wait, because the list is paused or will change in a moment. */
  get waiting(): number {
    return this.#waiting.all().length;
  }

  /** How many entries are no longer in the list, or never were. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many rows the filter lets through. */
  get visible(): number {
    return [...this.#rows.values()].filter(row => !row.hidden).length;
  }

  get size(): number {
    return this.#rows.size;
  }

  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    this.#flush();
  }

  /** Shows only entries that contain a text, and keep-alives only if they are wanted. */
  filter(text: string, hidesKeepAlives: boolean): void {
    [this.#filter, this.#hidesKeepAlives] = [text, hidesKeepAlives];
    atEnd(this.#box, () => this.#rows.forEach((row, entry) => { row.hidden = !this.#lets(entry); }));
  }

  /** Shows how long an entry took. */
  showLatency(entry: Entry, millis: number): void {
    entry.latency = millis;
    const row = this.#rows.get(entry);
    if (row) showLatency(row, millis);
  }

  clear(): void {
    this.#rows.forEach(row => row.remove());
    this.#rows.clear();
    this.#shown.take();
    this.#waiting.take();
    this.#dropped = 0;
  }

  #flush(): void {
    if (this.#isPaused || this.waiting === 0) return;
    atEnd(this.#box, () => this.#waiting.take().forEach(entry => this.#show(entry)));
  }

  #show(entry: Entry): void {
    const gone = this.#shown.add(entry);
    gone.forEach(old => {
      this.#rows.get(old)?.remove();
      this.#rows.delete(old);
    });
    this.#dropped += gone.length;
    const row = rowOf(entry, this.#actions);
    row.hidden = !this.#lets(entry);
    this.#rows.set(entry, row);
    this.#box.append(row);
  }

  #lets(entry: Entry): boolean {
    return !(this.#hidesKeepAlives && isKeepAlive(entry)) && (this.#filter === '' || contains(entry, this.#filter));
  }
}
