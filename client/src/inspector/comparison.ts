import {at, element, onSubmit} from './dom.js';
import {compare} from './positions.js';

/** The form that compares two positions. */
export class Comparison {
  readonly #one = at<HTMLInputElement>('one');
  readonly #other = at<HTMLInputElement>('other');
  readonly #result = at('differences');
  readonly #problem = at('comparison-problem');

  /** @param current the newest position of the stream, which stands for an empty second field */
  constructor(current: () => string) {
    onSubmit('comparison', () => this.#compare(this.#one.value.trim(), this.#other.value.trim() || current()));
  }

  /** Puts a position into the first field, and compares. */
  with(id: string): void {
    at<HTMLDetailsElement>('comparing').open = true;
    this.#one.value = id;
    at<HTMLFormElement>('comparison').requestSubmit();
    this.#one.focus();
  }

  #compare(one: string, other: string): void {
    this.#result.replaceChildren();
    this.#problem.textContent = '';
    try {
      this.#result.append(...compare(one, other).map(({channel, one: first, other: second, text}) => element('tr', {},
        element('th', {scope: 'row', textContent: channel}),
        element('td', {}, element('code', {textContent: first || '–'})),
        element('td', {}, element('code', {textContent: second || '–'})),
        element('td', {textContent: text}))));
      if (one === '' || other === '') this.#problem.textContent = 'One of the two positions is empty.';
    } catch (e) {
      this.#problem.textContent = (e as Error).message;
    }
    at('comparison-table').hidden = this.#result.childElementCount === 0;
  }
}
