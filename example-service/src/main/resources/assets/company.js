/** Who else is here, and who is writing. */
class Company {
  static #TYPING = 5000; // ms for which somebody counts as writing
  static #PRESENCE = 5000; // ms between two questions who is here

  #place;
  #name;
  #present;
  #typing;
  #writers = new Map();
  #told = 0;

  /**
   * @param present the element that shows who is here
   * @param typing the element that shows who is writing
   */
  constructor(place, name, present, typing) {
    this.#place = place;
    this.#name = name;
    this.#present = present;
    this.#typing = typing;
    setInterval(() => this.count(), Company.#PRESENCE);
  }

  /** Asks who is here, unless nobody looks at the page. */
  async count() {
    if (document.hidden) return;
    const presence = await this.#place.presence().catch(() => undefined);
    if (!presence) {
      this.#present.textContent = '';
      return;
    }
    const others = presence.users?.length ? presence.users.join(', ') : '';
    this.#present.textContent = others || `${presence.readers} ${presence.readers === 1 ? 'reader' : 'readers'}`;
    this.#present.title = 'Who has this room open';
  }

  /** The user of this page writes: tells the others, at most every three seconds. */
  write() {
    if (Date.now() - this.#told < 3000) return;
    this.#told = Date.now();
    this.#place.typing(this.#name).catch(() => {}); // not worth a complaint
  }

  /** The user's message is on its way, so the next letter counts again. */
  sent() {
    this.#told = 0;
  }

  /** Somebody writes. */
  writes(from) {
    if (typeof from !== 'string' || from === this.#name || this.#writers.size > 20) return;
    clearTimeout(this.#writers.get(from));
    this.#writers.set(from, setTimeout(() => this.stops(from), Company.#TYPING));
    this.#show();
  }

  /** Somebody has stopped, or has sent the message. */
  stops(from) {
    clearTimeout(this.#writers.get(from));
    if (this.#writers.delete(from)) this.#show();
  }

  #show() {
    const names = [...this.#writers.keys()];
    this.#typing.textContent = names.length === 0 ? ''
      : names.length > 2 ? 'Several people are writing…'
        : `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} writing…`;
  }
}
