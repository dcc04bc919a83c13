/** Asks the service for the events of a source while this page is open, because otherwise it sends none. */
class Demand {
  #source;
  #timer;

  constructor(source) {
    this.#source = source;
    this.ask();
  }

  /** Asks now, and then every three seconds; every second while the service does not answer. */
  async ask() {
    clearTimeout(this.#timer);
    const isHeard = await fetch(`/demand/${this.#source}`, {method: 'POST'}).then(answer => answer.ok, () => false);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(), isHeard ? 3000 : 1000);
  }
}
