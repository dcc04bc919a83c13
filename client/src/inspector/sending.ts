import {at, onSubmit} from './dom.js';
import {send, type Draft} from './draft.js';

/** The form that sends an event. The token stays in the memory of the page. */
export class Sending {
  readonly #onSent: (at: number, channel: string, id: string) => void;
  #key = '';
  #lastTried = '';

  /** @param onSent gets the time of the click, the channel, and the event's id */
  constructor(url: URL, onSent: (at: number, channel: string, id: string) => void) {
    this.#onSent = onSent;
    const token = at<HTMLInputElement>('send-token');
    const fields = at<HTMLFieldSetElement>('send-fields');
    const showFields = (): void => { fields.disabled = token.value.trim() === ''; };
    token.addEventListener('input', showFields);
    showFields();
    onSubmit('send', () => void this.#send(url, encodeURI(token.value.trim())));
    at('sending').hidden = false;
  }

  /** Suggests a channel, unless there is one in the field. */
  suggest(channel: string): void {
    const field = at<HTMLInputElement>('send-channel');
    field.value ||= channel;
  }

  async #send(url: URL, token: string): Promise<void> {
    const button = at<HTMLButtonElement>('send-button');
    const draft = this.#draft();
    const result = at('send-result');
    button.disabled = true;
    result.textContent = '';
    const began = performance.now();
    const answer = await send(url, token, draft, this.#keyFor(draft));
    button.disabled = false;
    if ('problem' in answer) {
      result.textContent = answer.problem;
      if (!answer.mayHaveBeenSent) this.#lastTried = '';
      return;
    }
    this.#lastTried = '';
    result.textContent = answer.id === '' ? 'Sent. The channel is not stored, so the event has no id.' : `Sent as ${answer.id}.`;
    if (answer.id !== '') this.#onSent(began, draft.channel, answer.id);
  }

  #draft(): Draft {
    const value = (id: string): string => at<HTMLInputElement>(id).value;
    return {channel: value('send-channel'), type: value('send-type'), data: value('send-data'), json: value('send-format') === 'json'};
  }

  /** The same key as before if the previous post of this event may have been received. */
  #keyFor(draft: Draft): string {
    const tried = JSON.stringify(draft);
    if (tried !== this.#lastTried) this.#key = [...crypto.getRandomValues(new Uint32Array(4))].map(part => part.toString(36)).join('-');
    this.#lastTried = tried;
    return this.#key;
  }
}
