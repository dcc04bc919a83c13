/**
 * Where this page chats. In a public room, visitors choose their names. A private room is for users who have signed in, and each of its
 * answers and streams needs their cookie.
 */
class Place {
  isPrivate = location.pathname.startsWith('/private/');
  room = decodeURIComponent(location.pathname.split('/')[this.isPrivate ? 3 : 2]);
  channel = (this.isPrivate ? 'members-' : 'room-') + this.room;
  #path = `${this.isPrivate ? '/private' : ''}/rooms/${encodeURIComponent(this.room)}`;

  /** The page on which to choose a room, or to sign in for this one. */
  entrance = `${this.isPrivate ? '/private' : '/chat'}?room=${encodeURIComponent(this.room)}`;

  get stream() {
    if (this.isPrivate) return `${this.#path}/events`;
    return `/events/?${new URLSearchParams(['time', this.channel, `typing-${this.channel}`].map(channel => ['channel', channel]))}`;
  }

  /** Who this is: `{name, administrator}`, or nothing if a name is needed first. */
  async user() {
    if (this.isPrivate) return this.#signedIn();
    const name = (new URLSearchParams(location.search).get('user') || '').trim();
    return name ? {name, administrator: false} : undefined;
  }

  async #signedIn() {
    for (;;) {
      try {
        return await request('/private/session');
      } catch (e) {
        if (e.status === 401) return undefined;
      }
      await new Promise(resolve => setTimeout(resolve, 2000));
    }
  }

  history() {
    return request(`${this.#path}/messages`);
  }

  /** @param key the same for each attempt, so that the message exists once however often the request arrives */
  post(from, text, key) {
    return request(`${this.#path}/messages`, 'POST', {from, text}, {'Idempotency-Key': key});
  }

  typing(from) {
    return request(`${this.#path}/typing`, 'POST', {from});
  }

  presence() {
    return request(this.isPrivate ? `${this.#path}/presence` : `/events/presence?channel=${encodeURIComponent(this.channel)}`);
  }

  members() {
    return request(`${this.#path}/members`);
  }

  permit(member, isAllowed) {
    return request(`${this.#path}/members/${encodeURIComponent(member)}`, isAllowed ? 'PUT' : 'DELETE');
  }
}

/** The JSON of the answer; nothing if it is empty. Throws an Error with the `status`, which is 0 if the service does not answer. */
async function request(url, method = 'GET', fields = undefined, headers = {}) {
  const options = {method, headers, body: fields && new URLSearchParams(fields)};
  const response = await fetch(url, options).catch(() => ({ok: false, status: 0, json: async () => ({message: 'the service does not answer'})}));
  const body = response.status === 204 ? undefined : await response.json().catch(() => ({}));
  if (response.ok) return body;
  throw Object.assign(new Error(body?.message || `the service answered ${response.status}`), {status: response.status});
}
