import assert from 'node:assert/strict';
import test from 'node:test';
import {World, settle} from './world.mjs';

const OVER_FETCH = {transport: 'fetch', lastEventId: 'a=x-1'};

test('over fetch, events of every type count and each is shown once', async () => {
  const world = new World();
  const stream = world.open('/events?channel=a', {transport: 'fetch', withCredentials: true});
  assert.equal(world.request.url, '/events?channel=a');
  assert.deepEqual(world.request.headers, {Accept: 'text/event-stream'});
  assert.equal(world.request.credentials, 'include');
  world.request.open('a=x-1');
  world.request.event('message', 'two', 'a=x-2');
  world.request.event('unheard', '', 'a=x-3');
  world.request.event('message', 'two', 'a=x-2');
  world.request.send('id: a=x-9\n\n');
  world.request.end();
  assert.deepEqual(await world.logged(), ['open', 'message two', 'connecting']);
  await world.passes(3);
  assert.equal(world.request.url, '/events?channel=a&lastEventId=a=x-9');
  world.request.open('a=x-9');
  await settle();
  assert.deepEqual({...stream.stats}, {received: 2, repeated: 1, lost: 0, reconnects: 1, latency: 0});
});

test('identical events without an id are all shown, also after the position moved alone', async () => {
  const world = new World();
  world.open('/e', {transport: 'fetch'}, ['typing']);
  world.request.open('a=x-1');
  world.request.send('id: a=x-2\n\n');
  for (let i = 0; i < 3; i++) world.request.event('typing', 'me');
  assert.deepEqual(await world.logged(), ['open', 'typing me', 'typing me', 'typing me']);
});

test('bytes that are cut inside a character or an event are put together', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.open('a=x-1');
  const bytes = new TextEncoder().encode('id: a=x-2\ndata: 日本 🚀\n\n');
  bytes.forEach(byte => world.request.send(Uint8Array.of(byte)));
  assert.deepEqual(await world.logged(), ['open', 'message 日本 🚀']);
});

test('every byte shows that the connection is alive', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.open('a=x-1');
  for (let i = 0; i < 10; i++) {
    await world.passes(49);
    world.request.send(':');
  }
  await settle();
  assert.equal(world.requests.length, 1);
  await world.passes(49);
  assert.equal(world.request.isOpen, true);
  await world.passes(1);
  assert.equal(world.request.isOpen, false);
});

for (const [status, condition] of [[400, 'bad-request'], [401, 'unauthorized'], [403, 'forbidden']]) {
  test(`the answer ${status} is final and visible`, async () => {
    const world = new World();
    world.open('/e', OVER_FETCH).on('error', error => world.log.push(error.text));
    world.request.answer(status, 'no');
    assert.deepEqual(await world.logged(), ['closed', `error ${condition} ${status}`, 'no']);
    await world.passes(1000);
    assert.equal(world.requests.length, 1);
    assert.equal(world.timers.size, 0);
  });
}

for (const status of [404, 405, 406, 408, 500, 502, 504]) {
  test(`the answer ${status} is visible and not final`, async () => {
    const world = new World();
    world.open('/e', OVER_FETCH);
    world.request.answer(status, 'no');
    assert.deepEqual(await world.logged(), [`error http ${status}`]);
    await world.passes(3);
    world.request.open('a=x-1');
    assert.deepEqual(await world.logged(), ['open']);
  });
}

test('an answer that is not a stream is reported and is not final', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.answer(200, '<html>', {'Content-Type': 'text/html'});
  assert.deepEqual(await world.logged(), ['error http 200']);
  assert.equal(world.requests[0].isOpen, false);
  await world.passes(3);
  assert.equal(world.requests.length, 2);
});

for (const [header, seconds] of [['7', 7], [new Date(1e12 + 40_000).toUTCString(), 40], ['99999999', 600]]) {
  test(`after 503 it waits as long as Retry-After asks for, and up to half as long again: ${header}`, async () => {
    const world = new World();
    const stream = world.open('/e', OVER_FETCH);
    world.request.answer(503, '', {'Retry-After': header});
    assert.deepEqual(await world.logged(), ['waiting', 'error busy 503']);
    assert.equal(stream.status, 'waiting');
    await world.passes(seconds * 1.25 - 0.001);
    assert.equal(world.requests.length, 1);
    await world.passes(0.001);
    assert.equal(world.requests.length, 2);
  });
}

test('a page that wakes up does not come back earlier than the server wants', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.answer(503, '', {'Retry-After': '100'});
  await world.passes(50);
  world.page.dispatchEvent(new Event('online'));
  await world.passes(74.999);
  assert.equal(world.requests.length, 1);
  world.now += 10_000; // the page sleeps
  world.page.dispatchEvent(new Event('online'));
  await world.passes(0);
  assert.equal(world.requests.length, 2);
});

for (const header of ['', 'soon', '-5', '0']) {
  test(`a bad Retry-After means the usual wait: "${header}"`, async () => {
    const world = new World();
    world.open('/e', OVER_FETCH);
    world.request.answer(429, '', {'Retry-After': header});
    await world.passes(17.999);
    assert.equal(world.requests.length, 1);
    await world.passes(0.001);
    assert.equal(world.requests.length, 2);
  });
}

for (const status of [414, 431]) {
  test(`after ${status} it comes back without positions, and reports their channels once the stream is open`, async () => {
    const world = new World();
    const gaps = [];
    world.open('/e', {...OVER_FETCH, lastEventId: 'a=x-1,b%2C=x-2', onGap: gap => gaps.push(gap)});
    world.request.answer(status);
    assert.deepEqual(await world.logged(), []);
    assert.equal(world.request.url, '/e');
    world.request.open('a=x-7,b%2C=x-9');
    assert.deepEqual(await world.logged(), ['reset a,b,', 'open']);
    assert.deepEqual(gaps, [{channels: ['a', 'b,'], lost: 13}]);
    world.request.event('message', 'eight', 'a=x-8,b%2C=x-9');
    assert.deepEqual(await world.logged(), ['message eight']);
  });

  test(`the answer ${status} without a position is final`, async () => {
    const world = new World();
    world.open('/e', {transport: 'fetch'});
    world.request.answer(status);
    assert.deepEqual(await world.logged(), ['closed', `error too-large ${status}`]);
  });
}

test('204 and stream-end close the stream', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.answer(204);
  assert.deepEqual(await world.logged(), ['end ', 'closed']);
  world.open('/e', OVER_FETCH);
  world.request.open('a=x-1');
  world.request.event('message', 'last', 'a=x-2');
  world.request.event('stream-end', '{"channels":["a"]}', 'a=x-2');
  assert.deepEqual(await world.logged(), ['open', 'message last', 'end a', 'closed']);
  await world.passes(1000);
  assert.equal(world.requests.length, 2);
});

test('the first pause after a clean end is what the server asks for', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  world.request.open('a=x-1');
  world.request.send('retry: 200\n\n');
  await world.passes(1);
  world.request.end();
  await world.passes(0.2);
  assert.equal(world.requests.length, 2);
  world.request.refuse();
  await world.passes(5.999);
  assert.equal(world.requests.length, 2);
  await world.passes(0.001);
  assert.equal(world.requests.length, 3);
});

test('refused connections are retried after growing pauses, until one lasts ten seconds', async () => {
  const world = new World();
  world.open('/e', OVER_FETCH);
  for (const seconds of [3, 6, 12, 18, 18]) {
    const {length} = world.requests;
    world.request.refuse();
    await world.passes(seconds - 0.001);
    assert.equal(world.requests.length, length);
    await world.passes(0.001);
    assert.equal(world.requests.length, length + 1);
  }
  world.request.open('a=x-1');
  await world.passes(11);
  world.request.send(':\n\n');
  await settle();
  world.request.cut();
  await world.passes(3);
  assert.equal(world.requests.length, 7);
});

test('the token is sent, renewed before it expires, and the stream continues', async () => {
  const world = new World();
  let count = 0;
  world.open('/e', {lastEventId: 'a=x-1', token: async () => ({token: `t${++count}`, expiresAt: world.now + 300_000})});
  await settle();
  assert.equal(world.request.headers.Authorization, 'Bearer t1');
  world.request.open('a=x-1', 3600);
  world.request.event('message', 'two', 'a=x-2');
  await world.passes(269);
  assert.deepEqual(await world.logged(), ['open', 'message two']);
  assert.equal(count, 1);
  await world.passes(1);
  assert.equal(world.requests[0].isOpen, false);
  assert.equal(world.request.headers.Authorization, 'Bearer t2');
  assert.equal(world.request.url, '/e?lastEventId=a=x-2');
  world.request.open('a=x-2');
  assert.deepEqual(await world.logged(), []);
});

test('a JWT contains its expiry', async () => {
  const world = new World();
  const token = () => `e30.${Buffer.from(JSON.stringify({exp: world.now / 1000 + 10, name: '日本?>'})).toString('base64url')}.x`;
  world.open('/e', {token});
  await settle();
  world.request.open('a=x-1');
  await world.passes(7.999);
  assert.equal(world.requests.length, 1);
  await world.passes(0.001);
  assert.equal(world.requests.length, 2);
});

test('while there is no new token, the old stream stays open', async () => {
  const world = new World();
  const tokens = [{token: 'one', expiresAt: 1e12 + 10_000}];
  world.open('/e', {token: async () => tokens.shift() ?? Promise.reject(new Error('offline'))});
  await settle();
  world.request.open('a=x-1');
  await world.passes(9);
  assert.equal(world.request.isOpen, true);
  world.request.event('message', 'still there', 'a=x-2');
  assert.deepEqual(await world.logged(), ['open', 'message still there']);
  await world.passes(1);
  world.request.end();
  await world.passes(3);
  assert.deepEqual(await world.logged(), ['connecting', 'error page']);
  tokens.push('two');
  await world.passes(6);
  assert.equal(world.request.headers.Authorization, 'Bearer two');
});

test('after 401 the client asks for another token at once, then after growing pauses, and reports the error', async () => {
  const world = new World();
  let count = 0;
  world.open('/e', {token: async () => `t${++count}`});
  await settle();
  world.request.answer(401);
  assert.deepEqual(await world.logged(), []);
  assert.equal(world.request.headers.Authorization, 'Bearer t2');
  world.request.answer(401);
  assert.deepEqual(await world.logged(), ['error unauthorized 401']);
  await world.passes(3);
  assert.equal(world.request.headers.Authorization, 'Bearer t3');
  world.request.open('a=x-1');
  await settle();
  world.request.end();
  await world.passes(6);
  assert.equal(world.request.headers.Authorization, 'Bearer t3');
  world.request.answer(401);
  await settle();
  assert.equal(world.request.headers.Authorization, 'Bearer t4');
});

test('without a token the reader is anonymous', async () => {
  const world = new World();
  world.open('/e', {token: () => null});
  await settle();
  assert.deepEqual(world.request.headers, {Accept: 'text/event-stream'});
});

test('a function gives the address of each connection', async () => {
  const world = new World();
  let count = 0;
  world.open(async () => `/e?ticket=${++count}`, {lastEventId: 'a=x-1'});
  await settle();
  assert.equal(world.source.url, '/e?ticket=1&lastEventId=a=x-1');
  world.source.breaks(0);
  await world.passes(3);
  assert.equal(world.source.url, '/e?ticket=2&lastEventId=a=x-1');
  assert.equal(world.sources[0].readyState, 2);
});

test('a function of the page that fails or never answers is called again', async () => {
  const world = new World();
  const answers = [() => { throw new Error('no'); }, () => new Promise(() => {}), () => '/e'];
  world.open(() => answers.shift()());
  assert.deepEqual(await world.logged(), ['error page']);
  await world.passes(3 + 50 + 6);
  assert.equal(world.source.url, '/e');
});

test('a result that a function of the page returns too late is not used', async () => {
  const world = new World();
  const answers = [];
  const stream = world.open(() => new Promise(resolve => answers.push(resolve)));
  await settle();
  stream.addChannels('a');
  await settle();
  answers[0]('/late');
  answers[1]('/e');
  await settle();
  assert.deepEqual(world.sources.map(source => source.url), ['/e?channel=a']);
});

test('EventSource hides the status, so the next attempt uses fetch', async () => {
  const world = new World();
  world.open('/e', {lastEventId: 'a=x-1'});
  world.source.breaks(2);
  await world.passes(3);
  assert.equal(world.sources.length, 1);
  world.request.answer(403, 'no');
  assert.deepEqual(await world.logged(), ['closed', 'error forbidden 403']);
});

test('after a few interruptions without a healthy connection, EventSource no longer reconnects by itself', async () => {
  const world = new World();
  world.open('/e', {lastEventId: 'a=x-1'});
  for (let i = 0; i < 3; i++) {
    assert.equal(world.sources.length, 1);
    world.source.event('stream-open', '{}', 'a=x-1');
    world.source.breaks(0);
  }
  assert.equal(world.source.readyState, 2);
  await world.passes(3);
  assert.equal(world.sources.length, 2);
  world.source.breaks(0);
  await world.passes(6);
  assert.equal(world.sources.length, 3);
  world.source.event('stream-open', '{"keepAlive":20}', 'a=x-1');
  await world.passes(11);
  world.source.event('keep-alive', '');
  world.source.breaks(0);
  assert.equal(world.source.readyState, 0);
});

test('the ends of a rolling restart do not count as failures', async () => {
  const world = new World();
  world.open('/e', {lastEventId: 'a=x-1'});
  for (let node = 0; node < 5; node++) {
    world.source.event('stream-open', '{"keepAlive":20}', 'a=x-1');
    await world.passes(15);
    world.source.event('keep-alive', '');
    await world.passes(10);
    world.source.breaks(0);
  }
  assert.equal(world.source.readyState, 0);
  assert.equal(world.sources.length, 1);
});

test('names outside ASCII are encoded once', () => {
  const world = new World();
  const name = '日'.repeat(30);
  const names = Array.from({length: 10}, (_, i) => `${name}${i},`);
  const query = new URLSearchParams(names.map(channel => ['channel', channel]));
  const lastEventId = names.map(channel => `${encodeURIComponent(channel)}=k3f9x2-41`).join();
  world.open(`/events?${query}`, {transport: 'fetch', lastEventId});
  const url = new URL(world.request.rawUrl);
  assert.ok(url.href.length < 6000, `${url.href.length} characters`);
  const positions = url.searchParams.get('lastEventId').split(',').map(entry => decodeURIComponent(entry.split('=')[0]));
  assert.deepEqual(positions, names);
});

test('an event ends the longer wait for a slow one', async () => {
  const world = new World();
  world.open('/e');
  world.source.event('stream-open', '{"keepAlive":20}', 'a=x-1');
  await world.passes(60);
  assert.equal(world.sources.length, 2);
  world.source.event('stream-open', '{"keepAlive":20}', 'a=x-1');
  await world.passes(95);
  world.source.event('message', '2', 'a=x-2');
  assert.equal(world.sources.length, 2);
  await world.passes(60);
  assert.equal(world.sources.length, 3);
});

test('a closed stream stays closed, even if its EventSource then reports an error', async () => {
  const world = new World();
  const stream = world.open('/e');
  world.source.event('stream-open', '{"keepAlive":20}', 'a=x-1');
  stream.close();
  world.source.breaks(2);
  world.source.breaks(0);
  await world.passes(60);
  assert.deepEqual(await world.logged(), ['open', 'closed']);
  assert.equal(world.sources.length + world.requests.length, 1);
});
