/** The nodes that share the streams, and Pushpin in front of them. Only `./run` knows them, so other services have no such map. */
class NodeMap {
  #list;
  #report;
  #nodes = [];
  #serving = 0; // the node of this page's stream, 0 if it is unknown
  #before = 0; // the one before that

  /**
   * @param list the element for the nodes
   * @param report `text => …` tells the user what happens
   */
  constructor(list, report) {
    this.#list = list;
    this.#report = report;
    list.addEventListener('click', event => event.target.dataset.kill && this.#kill(event.target.dataset.kill));
    this.#load();
  }

  /** A node has begun to serve this page's stream. */
  serves(number) {
    this.#before = this.#serving;
    this.#serving = number;
    this.#show();
  }

  /** A sentence about the last move of this page's stream, or nothing if its node is the same. */
  moved() {
    return this.#before && this.#before !== this.#serving ? `Your stream has moved from node ${this.#before} to node ${this.#serving}. ` : '';
  }

  async #load() {
    const nodes = await fetch('/nodes').then(answer => answer.ok ? answer.json() : undefined, () => undefined);
    if (nodes) {
      this.#nodes = nodes;
      this.#show();
    }
    setTimeout(() => this.#load(), 1000);
  }

  async #kill(number) {
    const answer = await fetch(`/nodes/${number}/kill`, {method: 'POST'}).catch(() => ({}));
    this.#report(answer.ok ? `Node ${number} is being killed. Its readers move to other nodes, and it comes back within seconds.`
      : 'The service does not answer. Try again later.');
  }

  // changes the items in place, so that a button keeps its focus
  #show() {
    this.#nodes.forEach((node, i) => this.#change(this.#list.children[i] || this.#list.appendChild(this.#item(node)), node));
  }

  #item({number}) {
    const item = document.createElement('li');
    item.innerHTML = '<strong></strong><span class="count"></span><span class="dots" aria-hidden="true"></span><span class="mine"></span><button></button>';
    item.querySelector('strong').textContent = `Node ${number}`;
    const button = item.querySelector('button');
    button.textContent = 'Kill';
    button.dataset.kill = number;
    button.setAttribute('aria-label', `Kill node ${number}`);
    return item;
  }

  #change(item, {number, up, streams}) {
    const isMine = up && number === this.#serving;
    item.classList.toggle('is-down', !up);
    item.classList.toggle('is-mine', isMine);
    item.querySelector('.count').textContent = up ? `${streams} ${streams === 1 ? 'stream' : 'streams'}` : 'down';
    item.querySelector('.dots').textContent = '●'.repeat(Math.min(streams, 24));
    item.querySelector('.mine').textContent = isMine ? 'serves this page' : '';
    item.querySelector('button').disabled = !up;
  }
}
