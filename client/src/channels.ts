import {absolute} from './url.js';

/** How the list of channels has changed since the page opened the stream. */
export class ChannelChanges {
  readonly #changes = new Map<string, boolean>(); // true if the channel was added, false if it was removed

  set(names: string | string[], isAdded: boolean): void {
    [names].flat().forEach(name => this.#changes.set(name, isAdded));
  }

  /** The address with the present channels as its parameters `channel`. */
  applyTo(base: string | URL): string | URL {
    if (this.#changes.size === 0) return base;
    const url = absolute(base);
    const names = url.searchParams.getAll('channel').filter(name => !this.#changes.has(name));
    this.#changes.forEach((isAdded, name) => isAdded && names.push(name));
    url.searchParams.delete('channel');
    names.forEach(name => url.searchParams.append('channel', name));
    return url;
  }
}
