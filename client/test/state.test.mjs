import assert from 'node:assert/strict';
import test from 'node:test';
import {apply, Server} from './server.mjs';
import {random, settle, World} from './world.mjs';

/** A state function whose calls wait for the test. */
function pending() {
  const calls = [];
  const source = () => new Promise((resolve, reject) => calls.push({resolve, reject}));
  return {calls, source};
}

function stateful(options = {}) {
  const world = new World();
  const {calls, source} = pending();
  const stream = world.open('/e', {transport: 'fetch', state: source, ...options});
  stream.on('state', state => world.log.push(`state ${state}`));
  return {world, calls, stream};
}

test('the state is fetched first, and the stream begins at its position', async () => {
  const {world, calls} = stateful();
  await settle();
  assert.equal(world.requests.length, 0);
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  assert.deepEqual(await world.logged(), ['state one']);
  assert.equal(world.request.url, '/e?lastEventId=a=x-1');
});

test('after a reset, events wait for the state, and those that it contains are dropped', async () => {
  const {world, calls, stream} = stateful();
  await settle();
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  await settle();
  world.request.open('a=x-1');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=y-5');
  world.request.event('message', '6', 'a=y-6');
  world.request.event('message', 'without id');
  world.request.event('message', '7', 'a=y-7');
  assert.deepEqual(await world.logged(), ['state one', 'open', 'reset a']);
  calls[1].resolve({state: 'six', lastEventId: 'a=y-6'});
  assert.deepEqual(await world.logged(), ['state six', 'message without id', 'message 7']);
  world.request.event('message', '8', 'a=y-8');
  assert.deepEqual(await world.logged(), ['message 8']);
  assert.equal(stream.stats.repeated, 1);
  assert.equal(world.requests.length, 1);
});

test('a state from before the reset is continued by another connection', async () => {
  const {world, calls} = stateful();
  await settle();
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  await settle();
  world.request.open('a=x-1');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-9');
  world.request.event('message', '10', 'a=x-10');
  await settle();
  calls[1].resolve({state: 'seven', lastEventId: 'a=x-7'});
  assert.deepEqual(await world.logged(), ['state one', 'open', 'reset a', 'state seven']);
  assert.equal(world.request.url, '/e?lastEventId=a=x-7');
});

test('a state that is always too old is fetched again after growing pauses', async () => {
  const {world, calls} = stateful();
  for (let i = 0; i < 5; i++) {
    await world.passes(30);
    assert.equal(calls.length, i + 1);
    calls[i].resolve({state: i, lastEventId: 'a=old-1'});
    await settle();
    world.request.open('a=old-1');
    world.request.event('stream-reset', '{"channels":["a"]}', 'a=new-1');
    await settle();
    if (i > 0) assert.equal(calls.length, i + 1);
  }
});

test('more events than fit are fetched again', async () => {
  const {world, calls} = stateful();
  await settle();
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  await settle();
  world.request.open('a=x-1');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-5');
  for (let i = 6; i < 1100; i++) world.request.event('message', i, `a=x-${i}`);
  await settle();
  calls[1].resolve({state: 'six', lastEventId: 'a=x-6'});
  assert.deepEqual(await world.logged(), ['state one', 'open', 'reset a', 'state six']);
  assert.equal(world.request.url, '/e?lastEventId=a=x-6');
});

test('channels that the state does not cover keep their positions', async () => {
  const {world, calls} = stateful();
  await settle();
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  await settle();
  world.request.open('a=x-1,b=y-1');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-5,b=y-1');
  world.request.event('keep-alive', '', 'a=x-5,b=y-2');
  await settle();
  calls[1].resolve({state: 'five', lastEventId: 'a=x-5'});
  await settle();
  world.request.end();
  await world.passes(3);
  assert.equal(world.request.url, '/e?lastEventId=b=y-2,a=x-5');
  world.request.open('a=x-5,b=y-2');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-9,b=y-2');
  world.request.event('message', '3', 'a=x-9,b=y-3');
  await settle();
  calls[2].resolve({state: 'seven', lastEventId: 'a=x-7'});
  await settle();
  assert.equal(world.request.url, '/e?lastEventId=b=y-2,a=x-7');
});

test('a state that cannot be fetched, or never comes, is asked for again', async () => {
  const {world, calls, stream} = stateful();
  await settle();
  calls[0].reject(new Error('no'));
  await world.passes(3);
  assert.deepEqual(await world.logged(), ['error state']);
  await world.passes(60);
  assert.deepEqual(await world.logged(), ['error state']);
  await world.passes(6);
  calls[1].resolve({state: 'too late', lastEventId: 'a=x-1'});
  calls[2].resolve({state: 'three', lastEventId: 'a=x-3'});
  assert.deepEqual(await world.logged(), ['state three']);
  stream.close();
  assert.equal(world.timers.size, 0);
});

test('a result without a position is an error of the page', async () => {
  const {world, calls} = stateful();
  await settle();
  calls[0].resolve(undefined);
  assert.deepEqual(await world.logged(), ['error state']);
});

test('a stream that is closed while the state is fetched stays closed', async () => {
  const {world, calls, stream} = stateful();
  await settle();
  stream.close();
  calls[0].resolve({state: 'one', lastEventId: 'a=x-1'});
  assert.deepEqual(await world.logged(), ['closed']);
  assert.equal(world.requests.length + world.timers.size, 0);
});

/** One random interleaving of sends, resets, cuts, slow and failing loads; returns what was seen on the way. */
async function interleave(seed) {
  const next = random(seed);
  const pick = count => Math.floor(next() * count);
  const name = () => (pick(2) ? 'a' : 'b');
  const world = new World();
  const server = new Server();
  // a position before the first event of any log does not tell one log from the next
  const canWipe = pick(2) === 0;
  if (canWipe) Object.values(server.channels).forEach(channel => channel.append(1));
  const loads = [];
  const history = [];
  let page = {};
  const seen = {resets: 0, loads: 0, connections: 0};
  const isOverFetch = pick(2) === 0;
  if (!isOverFetch) delete world.page.fetch;
  const stream = new world.page.EventStreamClient('/e', {
    state: () => new Promise((resolve, reject) => loads.push({resolve, reject, ...server.snapshot()}))
  });
  stream.on('state', state => { page = {...state}; seen.loads++; });
  stream.on('message', ({name, value}) => { page[name] = apply(page[name], value); });
  stream.on('reset', () => { seen.resets++; });
  const unanswered = () => (isOverFetch
    ? world.requests.filter(request => request.isOpen && !request.opensWith)
    : world.sources.filter(source => source.readyState === 0).map(asRequest));
  const open = () => server.streams.filter(({request}) => request.isOpen);
  const answer = () => unanswered().forEach(request => { server.accept(request); seen.connections++; });
  const load = () => {
    const {resolve, ...snapshot} = loads.shift();
    resolve(pick(4) === 0 && history.length ? history[pick(history.length)] : snapshot); // an old one comes from a replica or a cache
  };
  const actions = [
    () => server.channels[name()].append(pick(1000)),
    () => server.channels[name()].append(pick(1000)),
    () => open().forEach(stream => server.send(stream, name())),
    () => open().forEach(stream => { for (let i = pick(6); i > 0; i--) server.send(stream, name()); }),
    () => isOverFetch && server.repeat(), // EventSource hides which events are repeats
    answer,
    () => loads.length && load(),
    () => loads.length && (pick(3) ? load() : loads.shift().reject(new Error('no'))),
    () => history.push(server.snapshot()),
    () => pick(2) || open().forEach(({request}) => (pick(2) ? request.cut() : request.end())),
    () => pick(3) || open().forEach(stream => server.reset(stream, name())),
    () => { const channel = server.channels[name()]; channel.oldest = Math.max(1, channel.newest - pick(5)); },
    () => canWipe && (pick(10) || wipe(name())),
    () => world.passes(pick(10))
  ];
  const wipe = which => {
    server.wipe(which);
    server.channels[which].append(pick(1000));
    history.length = 0; // the states of before carry positions of a log that does not exist
    open().forEach(({request}) => request.cut());
  };
  for (let step = 20 + pick(60); step > 0; step--) {
    await actions[pick(actions.length)]();
    if (pick(2)) await settle();
  }
  history.length = 0;
  for (let quiet = 0; quiet < 4; quiet++) {
    await world.passes(40);
    answer();
    await settle();
    while (loads.length) load();
    await settle();
    answer();
    open().forEach(stream => Object.keys(server.channels).forEach(which => { while (server.send(stream, which)); }));
    await settle();
  }
  assert.deepEqual(page, server.snapshot().state, `seed ${seed}`);
  stream.close();
  return seen;
}

/** A connection of an EventSource as a request that the server can answer. A later one has its position in a header. */
function asRequest(source) {
  let isDone = false;
  const breaks = readyState => {
    isDone = true;
    source.breaks(readyState);
  };
  return {
    url: source.url,
    lastEventId: source.shown,
    get isOpen() { return source.readyState === 1 && !isDone; },
    open: id => source.event('stream-open', '{"keepAlive":20}', id),
    event: (type, data, id) => source.event(type, data, id),
    cut: () => breaks(0),
    end: () => breaks(2)
  };
}

test("in 10,000 random interleavings the page's state equals the server's", {timeout: 600_000}, async () => {
  const [first, count] = [Number(process.env.SEED ?? 1), Number(process.env.SEED ? 1 : process.env.RUNS ?? 10_000)];
  const total = {resets: 0, loads: 0, connections: 0};
  for (let seed = first; seed < first + count; seed++) {
    const seen = await interleave(seed);
    Object.keys(total).forEach(key => { total[key] += seen[key]; });
  }
  console.log(`${count} interleavings: ${total.connections} connections, ${total.resets} resets, ${total.loads} states`);
});
