/** The list by which an administrator gives permissions for a private room, and takes them away. */
class Members {
  #place;
  #list;
  #changed;

  /** @param changed the element that states what has changed */
  constructor(place, list, changed) {
    this.#place = place;
    this.#list = list;
    this.#changed = changed;
    this.#load();
  }

  async #load() {
    const members = await this.#place.members().catch(() => undefined);
    if (members) this.#list.replaceChildren(...members.map(member => this.#item(member)));
    else setTimeout(() => this.#load(), 2000);
  }

  #item({name, mayRead}) {
    const item = document.createElement('li');
    const label = document.createElement('span');
    const who = document.createElement('bdi');
    who.textContent = name;
    label.append(who, mayRead ? ' may read and write' : ' has no permission');
    const button = document.createElement('button');
    button.textContent = mayRead ? 'Take the permission away' : 'Give the permission';
    button.setAttribute('aria-label', mayRead ? `Take the permission away from ${name}` : `Give the permission to ${name}`);
    button.addEventListener('click', () => this.#permit(name, !mayRead));
    item.append(label, button);
    return item;
  }

  async #permit(name, isAllowed) {
    try {
      await this.#place.permit(name, isAllowed);
      this.#changed.textContent = isAllowed ? `${name} may read this room.` : `${name} has been disconnected from this room.`;
    } catch (e) {
      this.#changed.textContent = `Nothing has changed: ${e.message}`;
    }
    await this.#load();
    [...this.#list.querySelectorAll('li')].find(item => item.querySelector('bdi').textContent === name)?.querySelector('button').focus();
  }
}
