import assert from 'node:assert/strict';
import test from 'node:test';
import {Server} from './server.mjs';
import {random, settle, World} from './world.mjs';

/** Locks and channels between the tabs of one browser. */
class Browser {
  #locks = new Map();
  #channels = new Set();

  /** Lends a tab what it needs; returns what kills it, as the end of its process does. */
  lend(page) {
    const browser = this;
    const state = {isDead: false, release: []};
    page.BroadcastChannel = class {
      constructor(name) {
        Object.assign(this, {name, state});
        browser.#channels.add(this);
      }

      postMessage(data) {
        if (state.isDead || !browser.#channels.has(this)) return;
        const copy = structuredClone(data);
        [...browser.#channels].filter(other => other !== this && other.name === this.name)
          .forEach(other => queueMicrotask(() => browser.#channels.has(other) && !other.state.isDead && other.onmessage({data: copy})));
      }

      close() {
        browser.#channels.delete(this);
      }
    };
    page.navigator = {
      locks: {
        request: (name, {signal}, action) => new Promise((resolve, reject) => {
          const queue = this.#locks.get(name) ?? this.#locks.set(name, []).get(name);
          const entry = {action, state, done: () => { queue.splice(queue.indexOf(entry), 1); queueMicrotask(() => this.#grant(queue)); }};
          signal.addEventListener('abort', () => { if (!entry.isGranted) { entry.done(); reject(signal.reason); } });
          state.release.push(() => queue.includes(entry) && entry.done());
          queue.push(entry);
          queueMicrotask(() => this.#grant(queue));
        })
      }
    };
    return () => {
      state.isDead = true;
      state.release.forEach(release => release());
    };
  }

  #grant(queue) {
    const first = queue[0];
    if (!first || first.isGranted) return;
    first.isGranted = true;
    first.action().then(first.done);
  }
}

/** Several tabs that share the clock and the network of one world. */
function tabs() {
  const world = new World();
  const browser = new Browser();
  const open = (options = {}) => {
    const page = Object.assign(new EventTarget(), world.page);
    page.addEventListener = EventTarget.prototype.addEventListener;
    const kill = browser.lend(page);
    const tab = {page, seen: [], log: [], kill: () => { kill(); tab.isDead = true; world.requests.filter(({owner}) => owner === page).forEach(r => r.cut()); }};
    page.fetch = (url, request) => {
      const answer = world.page.fetch(url, request);
      world.request.owner = page;
      return answer;
    };
    const timer = page.setTimeout;
    page.setTimeout = (action, delay) => timer(() => tab.isDead || action(), delay);
    const Client = world.load(page);
    tab.stream = new Client('/e', {...options, share: page.shareTabs('all')});
    tab.stream.on('message', data => tab.seen.push(data)).on('status', status => tab.log.push(status))
      .on('reset', channels => tab.log.push(`reset ${channels}`)).on('error', error => tab.log.push(error.condition))
      .on('stream-end', channels => tab.log.push(`end ${channels}`));
    return tab;
  };
  const live = () => world.requests.filter(request => request.isOpen);
  return {world, open, live};
}

test('tabs share one connection, and each gets every event once', async () => {
  const {world, open, live} = tabs();
  const all = Array.from({length: 6}, () => open({lastEventId: 'a=x-1'}));
  await settle();
  assert.equal(world.requests.length, 1);
  world.request.open('a=x-1');
  world.request.event('message', '2', 'a=x-2');
  await settle();
  const late = open({lastEventId: 'a=x-2'});
  await settle();
  world.request.event('message', '3', 'a=x-3');
  await settle();
  all.forEach(tab => assert.deepEqual(tab.seen, [2, 3]));
  assert.deepEqual(late.seen, [3]);
  assert.equal(late.stream.status, 'open');
  assert.equal(live().length, 1);
  assert.equal(world.requests.length, 1);
});

test('a tab that is behind makes the connection begin at its position, and the others see no repeat', async () => {
  const {world, open} = tabs();
  const first = open({lastEventId: 'a=x-5'});
  await settle();
  world.request.open('a=x-5');
  await settle();
  const late = open({lastEventId: 'a=x-3'});
  await settle();
  assert.equal(world.request.url, '/e?lastEventId=a=x-3');
  world.request.open('a=x-3');
  for (const i of [4, 5, 6]) world.request.event('message', i, `a=x-${i}`);
  await settle();
  assert.deepEqual(late.seen, [4, 5, 6]);
  assert.deepEqual(first.seen, [6]);
});

test('if the leading tab dies, another takes over', async () => {
  const {world, open, live} = tabs();
  const [first, second, third] = [open({lastEventId: 'a=x-1'}), open({lastEventId: 'a=x-1'}), open({lastEventId: 'a=x-1'})];
  await settle();
  world.request.open('a=x-1');
  world.request.event('message', '2', 'a=x-2');
  await settle();
  first.kill();
  await settle();
  assert.equal(world.request.url, '/e?lastEventId=a=x-2');
  world.request.open('a=x-2');
  world.request.event('message', '3', 'a=x-3');
  await settle();
  assert.deepEqual([second.seen, third.seen], [[2, 3], [2, 3]]);
  second.stream.close();
  await settle();
  world.request.open('a=x-3');
  world.request.event('message', '4', 'a=x-4');
  await settle();
  assert.deepEqual([second.seen, third.seen], [[2, 3], [2, 3, 4]]);
  assert.equal(live().length, 1);
});

test('a leading tab that goes to the back/forward cache gives the connection away, and joins again', async () => {
  const {world, open, live} = tabs();
  const [first, second] = [open({lastEventId: 'a=x-1'}), open({lastEventId: 'a=x-1'})];
  await settle();
  world.request.open('a=x-1');
  await settle();
  first.page.dispatchEvent(new Event('pagehide'));
  await settle();
  assert.equal(first.stream.status, 'connecting');
  world.request.open('a=x-1');
  world.request.event('message', '2', 'a=x-2');
  await settle();
  first.page.dispatchEvent(new Event('pageshow'));
  await settle();
  world.request.open('a=x-1');
  world.request.event('message', '2', 'a=x-2');
  world.request.event('message', '3', 'a=x-3');
  await settle();
  assert.deepEqual([first.seen, second.seen], [[2, 3], [2, 3]]);
  assert.equal(live().length, 1);
});

test('all tabs get the end of the stream and the reason', async () => {
  const {world, open} = tabs();
  const all = [open(), open()];
  await settle();
  world.request.answer(403);
  await settle();
  all.forEach(tab => assert.deepEqual(tab.log, ['closed', 'forbidden']));
  const more = [open(), open()];
  await settle();
  world.request.open('a=x-1');
  world.request.event('stream-end', '{"channels":["a"]}');
  await settle();
  more.forEach(tab => assert.deepEqual(tab.log, ['open', 'end a', 'closed']));
});

test('positions that are too large are dropped in all tabs', async () => {
  const {world, open} = tabs();
  const all = [open({lastEventId: 'a=x-1'}), open({lastEventId: 'a=x-1'})];
  await settle();
  world.request.answer(431);
  await settle();
  assert.equal(world.request.url, '/e');
  world.request.open('a=x-9');
  await settle();
  all.forEach(tab => assert.deepEqual(tab.log, ['reset a', 'open']));
});

test('without Web Locks each tab has a connection', async () => {
  const world = new World();
  world.load(world.page);
  world.open('/e', {share: world.page.shareTabs('all')});
  assert.equal(world.requests.length, 1);
});

/** Tabs come, go and die, while connections break: each tab sees the log from its start without loss or repeats. */
async function interleave(seed) {
  const next = random(seed);
  const pick = count => Math.floor(next() * count);
  const {world, open, live} = tabs();
  const server = new Server();
  const all = [];
  const alive = () => all.filter(tab => !tab.isDead && tab.stream.status !== 'closed');
  const add = () => {
    const {newest} = server.channels.a;
    const start = Math.max(0, newest - pick(3));
    all.push(Object.assign(open({lastEventId: `a=${start ? 'x' : 0}-${start},b=0-0`}), {start}));
  };
  const streams = () => server.streams.filter(({request}) => request.isOpen);
  const answer = () => live().filter(request => !request.opensWith).forEach(request => server.accept(request));
  const actions = [
    () => server.channels.a.append(server.channels.a.newest + 1),
    () => server.channels.a.append(server.channels.a.newest + 1),
    () => streams().forEach(stream => { for (let i = pick(4); i > 0; i--) server.send(stream, 'a'); }),
    () => server.repeat(),
    () => alive().length < 5 && add(),
    () => alive().length > 1 && pick(2) && alive()[pick(alive().length)].kill(),
    () => alive().length > 1 && pick(3) === 0 && alive()[pick(alive().length)].stream.close(),
    () => pick(2) && streams().forEach(({request}) => request.cut()),
    answer,
    answer,
    () => world.passes(pick(8))
  ];
  add();
  for (let step = 20 + pick(60); step > 0; step--) {
    await actions[pick(actions.length)]();
    if (pick(2)) await settle();
  }
  for (let quiet = 0; quiet < 4; quiet++) {
    await world.passes(40);
    answer();
    await settle();
    streams().forEach(stream => { while (server.send(stream, 'a')); });
    await settle();
  }
  assert.ok(live().length <= 1, `seed ${seed}: ${live().length} connections`);
  alive().forEach(tab => {
    const expected = Array.from({length: server.channels.a.newest - tab.start}, (_, i) => tab.start + i + 1);
    assert.deepEqual(tab.seen.map(({value}) => value), expected, `seed ${seed}`);
  });
}

test('in 1,000 random interleavings no tab loses or repeats an event', {timeout: 600_000}, async () => {
  const [first, count] = [Number(process.env.SEED ?? 1), Number(process.env.SEED ? 1 : process.env.RUNS ?? 1000)];
  for (let seed = first; seed < first + count; seed++) await interleave(seed);
});
