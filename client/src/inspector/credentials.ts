import {at, onSubmit} from './dom.js';
import type {Credentials} from './stream.js';

/** The form with the reader's credentials. They stay in the memory of the page. */
export class CredentialsForm {
  readonly #kind = at<HTMLSelectElement>('kind');

  constructor(onChange: (credentials: Credentials) => void) {
    this.#kind.addEventListener('change', () => this.#showFields());
    this.#showFields();
    onSubmit('credentials', () => onChange(this.#read()));
  }

  #showFields(): void {
    at('token-field').hidden = this.#kind.value !== 'bearer';
    at('password-fields').hidden = this.#kind.value !== 'basic';
  }

  #read(): Credentials {
    const value = (id: string): string => at<HTMLInputElement>(id).value;
    switch (this.#kind.value) {
      case 'bearer': return {own: false, header: `Bearer ${encodeURI(value('token').trim())}`};
      case 'basic': return {own: false, header: `Basic ${base64(`${value('user')}:${value('password')}`)}`};
      default: return {own: this.#kind.value === 'own', header: ''};
    }
  }
}

/** Of the text's UTF-8. */
function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
