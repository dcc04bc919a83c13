import {at, atEnd} from './dom.js';

const LINES = 200;
const CHARACTERS = 20_000;

/** The newest lines of the stream, as they arrive. They are shown while the drawer is open. */
export class Wire {
  readonly #box = at('wire');
  readonly #drawer = at<HTMLDetailsElement>('drawer');
  #text = '';

  constructor() {
    this.#drawer.addEventListener('toggle', () => {
      this.#show();
      this.#box.scrollTop = this.#box.scrollHeight;
    });
  }

  add(text: string): void {
    this.#text = (this.#text + text).slice(-CHARACTERS).split('\n').slice(-LINES).join('\n');
    this.#show();
  }

  #show(): void {
    if (this.#drawer.open) atEnd(this.#box, () => { this.#box.textContent = this.#text; });
  }
}
