/**
 * Messages that the service has not confirmed yet. They are sent one after the other, in order, until each is confirmed or refused; a
 * reload of the page does not lose them. Each has a key, so an attempt whose answer was lost makes no second message.
 */
class Outbox {
  static #MOST = 20;

  #name;
  #post;
  #changed;
  #refused;
  #waiting;
  #isSending = false;
  #retry;

  /**
   * @param name of the place and the user
   * @param post `async ({text, key}) => …`: throws an Error with a `status`
   * @param changed gets the messages that wait, after each change
   * @param refused gets each message that the service does not accept, and the Error
   */
  constructor(name, {post, changed, refused}) {
    this.#name = `outbox of ${name}`;
    this.#post = post;
    this.#changed = changed;
    this.#refused = refused;
    this.#waiting = JSON.parse(sessionStorage.getItem(this.#name) || '[]');
    this.#changed(this.#waiting);
    this.flush();
  }

  get isFull() {
    return this.#waiting.length >= Outbox.#MOST;
  }

  /** Sends a message, and returns its key. */
  add(text) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');
    this.#waiting.push({text, key});
    this.#keep();
    this.flush();
    return key;
  }

  /** Tries now, for example because the service is back. */
  async flush() {
    clearTimeout(this.#retry);
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#waiting.length > 0 && await this.#send(this.#waiting[0]));
    this.#isSending = false;
    if (this.#waiting.length > 0) this.#retry = setTimeout(() => this.flush(), 2000 + 2000 * Math.random());
  }

  /** Whether the message needs no further attempt. */
  async #send(message) {
    try {
      await this.#post(message);
    } catch (e) {
      const isFinal = e.status >= 400 && e.status < 500 && e.status !== 429;
      if (!isFinal) return false;
      this.#refused(message, e);
    }
    this.#waiting.shift();
    this.#keep();
    return true;
  }

  #keep() {
    sessionStorage.setItem(this.#name, JSON.stringify(this.#waiting));
    this.#changed(this.#waiting);
  }
}
