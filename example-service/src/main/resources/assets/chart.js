/** A line chart of the newest values of a channel, with its name and the newest value. It is drawn only on request. */
class Chart {
  #values = [];
  #number = 0;
  #isChanged = false;
  #options;
  #value = document.createElement('p');
  #change = document.createElement('p');
  #line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');

  /**
   * Appends it to a list.
   *
   * options: shown (how many values), show (value => text), low and high (of the picture; by default those of the values), hasChange
   * (shows how far the newest value is from the first), onOlder (called if an older value arrives after a newer one).
   */
  constructor(list, name, options) {
    this.#options = options;
    const item = document.createElement('li');
    const heading = document.createElement('h2');
    heading.textContent = name;
    this.#value.className = 'value';
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${options.shown} 60`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    svg.append(this.#line);
    item.append(heading, this.#value);
    if (options.hasChange) item.append(this.#change);
    item.append(svg);
    list.append(item);
  }

  /** Keeps a value. The numbers of events increase. */
  add(number, value) {
    if (number <= this.#number) this.#options.onOlder();
    this.#number = number;
    this.#values.push(value);
    if (this.#values.length > this.#options.shown) this.#values.shift();
    this.#isChanged = true;
  }

  draw() {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const values = this.#values;
    const newest = values.at(-1);
    const percent = 100 * (newest / values[0] - 1);
    const low = this.#options.low ?? Math.min(...values);
    const range = (this.#options.high ?? Math.max(...values)) - low || 1;
    this.#value.textContent = this.#options.show(newest);
    this.#change.textContent = `${percent < 0 ? '▼' : '▲'} ${Math.abs(percent).toFixed(2)} %`;
    this.#change.className = percent < 0 ? 'falls' : 'rises';
    this.#line.setAttribute('points', values.map((each, i) => `${i},${(57 - 54 * (each - low) / range).toFixed(1)}`).join(' '));
  }
}
