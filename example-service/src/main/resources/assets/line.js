/**
 * The line between this page and the service, with two faults: it can be cut, and it can be slow. It replaces `fetch` for streams, so the
 * browser client uses it without noticing, and gets exactly what a broken network would give it.
 */
class Line {
  static #PIECE = 20; // bytes; one piece each 100 ms while the line is slow

  #fetch = window.fetch.bind(window);
  #connections = new Set();
  #isCut = false;
  #isSlow = false;
  #onText;
  #onNode;

  /**
   * @param onText gets each piece of text as it arrives, and remarks about connections
   * @param onNode gets the number of the node that serves a new stream, if the server in front of the nodes states it
   */
  constructor(onText, onNode) {
    this.#onText = onText;
    this.#onNode = onNode;
    window.fetch = (url, request) => {
      const isStream = new URL(url, location).pathname.startsWith('/events');
      return isStream ? this.#connect(url, request) : this.#fetch(url, request);
    };
  }

  /** Breaks all streams. No new one opens until the line is mended. */
  cut() {
    this.#isCut = true;
    this.#connections.forEach(connection => connection.abort());
  }

  /** Mends the line, and reports it to the page as a browser does when its network is back. */
  mend() {
    this.#isCut = false;
    window.dispatchEvent(new Event('online'));
  }

  set isSlow(isSlow) {
    this.#isSlow = isSlow;
  }

  async #connect(url, request) {
    if (this.#isCut) throw new TypeError('the line is cut');
    const connection = new AbortController();
    request.signal.addEventListener('abort', () => connection.abort());
    this.#connections.add(connection);
    connection.signal.addEventListener('abort', () => this.#connections.delete(connection));
    const {pathname, search} = new URL(url, location);
    this.#onText(`\n> GET ${pathname}${decodeURIComponent(search)}\n`);
    const response = await this.#fetch(url, {...request, signal: connection.signal});
    this.#onText(`> ${response.status}\n\n`);
    if (response.headers.has('X-Node')) this.#onNode(Number(response.headers.get('X-Node')));
    return response.ok && response.body ? this.#through(response) : response;
  }

  #through(response) {
    const text = new TextDecoder();
    const transform = async (bytes, controller) => {
      for (let start = 0; start < bytes.length;) {
        const end = this.#isSlow ? start + Line.#PIECE : bytes.length;
        const piece = bytes.subarray(start, end);
        this.#onText(text.decode(piece, {stream: true}));
        controller.enqueue(piece);
        start = end;
        if (this.#isSlow) await new Promise(resolve => setTimeout(resolve, 100));
      }
    };
    const {status, headers} = response;
    return new Response(response.body.pipeThrough(new TransformStream({transform})), {status, headers});
  }
}
