import assert from 'node:assert/strict';
import test from 'node:test';
import {World, settle} from './world.mjs';

function opened(options = {}) {
  const world = new World();
  const stream = world.open('/e?channel=a&channel=b', {lastEventId: 'a=x-1,b=y-1', transport: 'fetch', ...options});
  world.request.open('a=x-1,b=y-1');
  return {world, stream};
}

test('handlers can be removed, alone or all of a type, and called once', async () => {
  const world = new World();
  const stream = world.open('/e', {}, []);
  const one = data => world.log.push(`one ${data}`);
  stream.on('message', one).on('message', data => world.log.push(`two ${data}`)).once('message', data => world.log.push(`once ${data}`));
  world.source.event('message', '1', 'a=x-1');
  stream.off('message', one);
  world.source.event('message', '2', 'a=x-2');
  stream.off('message').off('unknown');
  world.source.event('message', '3', 'a=x-3');
  assert.deepEqual(await world.logged(), ['one 1', 'two 1', 'once 1', 'two 2']);
  assert.equal(stream.stats.received, 3);
});

test('a handler that removes another one or itself does not affect the event that is being passed on', async () => {
  const world = new World();
  const stream = world.open('/e', {}, []);
  const second = () => world.log.push('second');
  stream.on('message', () => stream.off('message')).on('message', second);
  world.source.event('message', '1', 'a=x-1');
  world.source.event('message', '2', 'a=x-2');
  assert.deepEqual(await world.logged(), ['second']);
});

test('for await reads events of the given types until the stream is closed', async () => {
  const {world, stream} = opened();
  const read = [];
  const reading = (async () => {
    for await (const {type, data, id, text} of stream.events('message', 'typing')) read.push([type, data, id, text]);
  })();
  world.request.event('typing', '{"n":1}');
  world.request.event('other', '', 'a=x-2,b=y-1');
  world.request.event('message', 'text', 'a=x-3,b=y-1');
  await settle();
  stream.close();
  await reading;
  assert.deepEqual(read, [
    ['typing', {n: 1}, 'a=x-1,b=y-1', '{"n":1}'],
    ['message', 'text', 'a=x-3,b=y-1', 'text']]);
});

test('for await on the stream reads all types, and leaving the loop leaves the stream open', async () => {
  const {world, stream} = opened();
  const types = [];
  const reading = (async () => {
    for await (const event of stream) {
      types.push(event.type);
      if (types.length === 2) break;
    }
  })();
  world.request.event('one', '', 'a=x-2,b=y-1');
  world.request.event('two', '', 'a=x-3,b=y-1');
  world.request.event('three', '', 'a=x-4,b=y-1');
  await reading;
  assert.deepEqual(types, ['one', 'two']);
  assert.equal(stream.status, 'open');
});

test('for await throws when the stream fails permanently, after the earlier events', async () => {
  const {world, stream} = opened();
  const types = [];
  const reading = (async () => { for await (const event of stream) types.push(event.type); })();
  world.request.event('one', '', 'a=x-2,b=y-1');
  world.request.event('stream-error', '{"condition":"forbidden","text":"no","channels":["a"]}', 'error');
  await assert.rejects(reading, {condition: 'forbidden', channels: ['a']});
  assert.deepEqual(types, ['one']);
  for await (const event of stream) assert.fail(event.type);
});

test('for await throws when more than a thousand events wait', async () => {
  const {world, stream} = opened();
  const events = stream.events();
  for (let i = 2; i <= 1002; i++) world.request.event('one', '', `a=x-${i},b=y-1`);
  await settle();
  let count = 0;
  await assert.rejects(async () => { for await (const event of events) count += event ? 1 : 0; }, /too many events/);
  assert.equal(count, 1000);
  assert.equal(stream.status, 'open');
});

test('a signal closes the stream, even before it opens', async () => {
  const abort = new AbortController();
  const {world} = opened({signal: abort.signal});
  await settle();
  abort.abort();
  assert.equal(world.request.isOpen, false);
  assert.deepEqual(await world.logged(), ['open', 'closed']);
  const other = new World();
  const stream = other.open('/e', {signal: AbortSignal.abort()});
  assert.equal(stream.status, 'closed');
  assert.equal(other.sources.length + other.timers.size, 0);
});

test('channels are added to an open stream, now or from a position', async () => {
  const {world, stream} = opened();
  await settle();
  stream.addChannels('c,');
  assert.equal(world.requests[0].isOpen, false);
  assert.equal(world.request.url, '/e?channel=a&channel=b&channel=c,&lastEventId=a=x-1,b=y-1');
  world.request.open('a=x-1,b=y-1,c%2C=z-4');
  await settle();
  stream.addChannels(['d', 'e'], 'd=w-3');
  assert.equal(world.request.url, '/e?channel=a&channel=b&channel=c,&channel=d&channel=e&lastEventId=a=x-1,b=y-1,c%2C=z-4,d=w-3');
  assert.deepEqual(await world.logged(), ['open']);
});

test('channels are removed from an open stream, and begin anew when they are added again', async () => {
  const {world, stream} = opened();
  await settle();
  stream.removeChannels('b');
  assert.equal(world.request.url, '/e?channel=a&lastEventId=a=x-1');
  world.request.open('a=x-1');
  await settle();
  stream.addChannels('b');
  assert.equal(world.request.url, '/e?channel=a&channel=b&lastEventId=a=x-1');
});

test('channels that change while no connection is open count for the next one', async () => {
  const {world, stream} = opened();
  await settle();
  world.request.cut();
  await settle();
  stream.addChannels('c');
  assert.equal(world.requests.length, 1);
  await world.passes(3);
  assert.equal(world.request.url, '/e?channel=a&channel=b&channel=c&lastEventId=a=x-1,b=y-1');
  stream.close();
  stream.addChannels('d');
  assert.equal(world.requests.length, 2);
});

test('resets are counted and reported as gaps', async () => {
  const gaps = [];
  const {world, stream} = opened({onGap: gap => gaps.push(gap)});
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-11,b=y-1');
  world.request.event('stream-reset', '{"channels":["b"]}', 'a=x-11,b=new-5');
  await settle();
  assert.deepEqual(gaps, [{channels: ['a'], lost: 10}, {channels: ['b'], lost: 1}]);
  assert.equal(stream.stats.lost, 11);
});

test('latency is the time until the stream begins', async () => {
  const world = new World();
  const stream = world.open('/e', {transport: 'fetch'});
  await world.passes(0.25);
  world.request.open('a=x-1');
  await settle();
  assert.equal(stream.stats.latency, 250);
});

test('a page in the back/forward cache holds no connection, and continues when it is shown again', async () => {
  const {world, stream} = opened();
  await settle();
  world.page.dispatchEvent(new Event('pagehide'));
  assert.equal(world.request.isOpen, false);
  assert.equal(world.timers.size, 0);
  assert.equal(stream.status, 'connecting');
  world.page.dispatchEvent(new Event('pageshow'));
  assert.equal(world.requests.length, 2);
  assert.equal(world.request.url, '/e?channel=a&channel=b&lastEventId=a=x-1,b=y-1');
  stream.close();
  world.page.dispatchEvent(new Event('pagehide'));
  world.page.dispatchEvent(new Event('pageshow'));
  assert.equal(world.requests.length, 2);
  assert.equal(stream.status, 'closed');
});

test('a handler that closes the stream gets nothing more, even from the same packet', async () => {
  const {world, stream} = opened();
  stream.on('message', () => stream.close());
  world.request.send('id: a=x-2,b=y-1\ndata: 1\n\nid: a=x-3,b=y-1\ndata: 2\n\n');
  assert.deepEqual(await world.logged(), ['open', 'message 1', 'closed']);
});

test('a reset without an id leaves the positions of the other channels', async () => {
  const {world} = opened();
  world.request.event('message', '2', 'a=x-2,b=y-1');
  world.request.event('stream-reset', '{"channels":["unstored"]}');
  world.request.end();
  await world.passes(3);
  assert.equal(world.request.url, '/e?channel=a&channel=b&lastEventId=a=x-2,b=y-1');
});

test('a reset moves only its own channels back', async () => {
  const {world} = opened();
  world.request.event('message', '9', 'a=x-1,b=y-9');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=z-1,b=y-3');
  world.request.event('message', '9', 'a=z-1,b=y-9');
  world.request.event('message', '2', 'a=z-2,b=y-9');
  assert.deepEqual(await world.logged(), ['open', 'message 9', 'reset a', 'message 2']);
});
