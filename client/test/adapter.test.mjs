import assert from 'node:assert/strict';
import test from 'node:test';
import {settle, World} from './world.mjs';

function adapted() {
  const world = new World();
  const stream = new world.page.EventStreamClient('/e', {transport: 'fetch', lastEventId: 'a=x-1'});
  const source = world.page.eventSourceOf(stream);
  return {world, stream, source};
}

test('a library gets events as from an EventSource, each once', async () => {
  const {world, source} = adapted();
  const seen = [];
  const listener = ({type, data, lastEventId}) => seen.push([type, data, lastEventId]);
  source.onopen = () => seen.push(['open', source.readyState]);
  source.onmessage = ({data}) => seen.push(['onmessage', data]);
  source.addEventListener('message', listener);
  source.addEventListener('message', listener);
  source.addEventListener('other', listener);
  assert.equal(source.readyState, source.CONNECTING);
  world.request.open('a=x-1');
  world.request.event('message', '{"n": 1}', 'a=x-2');
  world.request.event('message', '{"n": 1}', 'a=x-2');
  world.request.event('other', '<b>text</b>', 'a=x-3');
  await settle();
  source.removeEventListener('other', listener);
  world.request.event('other', '', 'a=x-4');
  await settle();
  assert.deepEqual(seen, [
    ['open', 1], ['onmessage', '{"n": 1}'], ['message', '{"n": 1}', 'a=x-2'], ['other', '<b>text</b>', 'a=x-3']]);
});

test('a library sees that the stream reconnects, but never a failure after which it would open another one', async () => {
  const {world, stream, source} = adapted();
  const states = [];
  source.onerror = () => states.push(`error ${source.readyState}`);
  source.addEventListener('open', () => states.push(`open ${source.readyState}`));
  world.request.open('a=x-1');
  await settle();
  world.request.cut();
  await world.passes(3);
  world.request.open('a=x-1');
  await settle();
  source.close();
  assert.equal(source.readyState, source.CLOSED);
  assert.equal(stream.status, 'closed');
  assert.deepEqual(states, ['open 1', 'error 0', 'open 1']);
});

test('the EventSource of an open stream reports that it is open', async () => {
  const {world, stream} = adapted();
  world.request.open('a=x-1');
  await settle();
  const opened = [];
  world.page.eventSourceOf(stream).onopen = event => opened.push(event.type);
  await settle();
  assert.deepEqual(opened, ['open']);
});

test('resets and the end arrive as events', async () => {
  const {world, source} = adapted();
  const seen = [];
  for (const type of ['reset', 'stream-end']) source.addEventListener(type, ({data}) => seen.push([type, data]));
  world.request.open('a=x-1');
  world.request.event('stream-reset', '{"channels":["a"]}', 'a=x-9');
  world.request.event('stream-end', '{"channels":["a"]}', 'a=x-9');
  await settle();
  assert.deepEqual(seen, [['reset', '["a"]'], ['stream-end', '["a"]']]);
});

const lines = (...data) => data.join('\ndata: ');

test('Datastar gets its events with their values by name, each once', async () => {
  const {world, stream} = adapted();
  const seen = [];
  world.page.document.documentElement = 'the page';
  world.page.document.addEventListener('datastar-fetch', ({detail}) => seen.push(detail));
  world.page.connectDatastar(stream);
  world.request.open('a=x-1');
  world.request.event('datastar-patch-elements', lines('mode append', 'selector #list', 'elements <li>', 'elements   two words</li>'), 'a=x-2');
  world.request.event('datastar-patch-elements', 'mode append', 'a=x-2');
  world.request.event('datastar-patch-signals', 'signals {"n": 1}', 'a=x-3');
  world.request.event('message', 'elements <p>', 'a=x-4');
  world.request.event('datastar-patch-signals', lines('__proto__ 1', 'alone', ''), 'a=x-5');
  await settle();
  assert.deepEqual(seen.map(({type, el, argsRaw}) => [type, el, Object.entries(argsRaw)]), [
    ['datastar-patch-elements', 'the page', [['mode', 'append'], ['selector', '#list'], ['elements', '<li>\n  two words</li>']]],
    ['datastar-patch-signals', 'the page', [['signals', '{"n": 1}']]],
    ['datastar-patch-signals', 'the page', [['__proto__', '1'], ['alone', ''], ['', '']]]]);
});
