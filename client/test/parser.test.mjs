import assert from 'node:assert/strict';
import test from 'node:test';
import {EventParser} from '../../target/client/modules/parser.js';
import {random} from './world.mjs';

function parse(chunks) {
  const events = [];
  const parser = new EventParser(event => events.push(event));
  chunks.forEach(chunk => parser.push(chunk));
  return {events, retry: parser.retry};
}

/** The standard's algorithm, word for word, on the whole text. */
function model(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n').slice(0, -1);
  const events = [];
  let [type, data, id, lastEventId, retry] = ['', '', undefined, '', undefined];
  for (const line of lines) {
    if (line === '') {
      if (id !== undefined) lastEventId = id;
      if (data !== '') events.push({type: type || 'message', data: data.slice(0, -1), id, lastEventId});
      else if (id !== undefined) events.push({type: '', data: '', id, lastEventId});
      [type, data, id] = ['', '', undefined];
      continue;
    }
    const [, field, value] = /^([^:]*)(?:: ?)?([^]*)$/.exec(line);
    if (line[0] === ':') continue;
    if (field === 'event') type = value;
    if (field === 'data') data += `${value}\n`;
    if (field === 'id' && !value.includes('\0')) id = value;
    if (field === 'retry' && /^\d+$/.test(value)) retry = Number(value);
  }
  return {events, retry};
}

test('an event has a type, data of several lines and an id', () => {
  assert.deepEqual(parse(['id: a=x-1\nevent: ordered\ndata: one\ndata:  two\ndata\n\n']).events, [
    {type: 'ordered', data: 'one\n two\n', id: 'a=x-1', lastEventId: 'a=x-1'}]);
});

test('an event without an id shows that of the event before', () => {
  assert.deepEqual(parse(['id: 7\ndata: 1\n\ndata: 2\n\n']).events, [
    {type: 'message', data: '1', id: '7', lastEventId: '7'},
    {type: 'message', data: '2', id: undefined, lastEventId: '7'}]);
});

test('an id without data moves the position', () => {
  assert.deepEqual(parse(['id: 7\n\nid\n\n']).events, [
    {type: '', data: '', id: '7', lastEventId: '7'},
    {type: '', data: '', id: '', lastEventId: ''}]);
});

test('comments, unknown fields, bad retries, ids with NUL and events that are cut off are ignored', () => {
  assert.deepEqual(parse([': c\nfoo: bar\nretry: 1x\nretry:\nid: a\0b\nevent: x\n\nretry: 50\ndata: cut off\n']), {events: [], retry: 50});
});

test('agrees with the standard on random text in random chunks', () => {
  const parts = ['data', 'event', 'id', 'retry', ':', ' ', '\n', '\r', '\r\n', '\n\n', 'x', '\0', '12', 'é', '日', '🚀', 'data: ', 'id: ', '\ufeff'];
  for (let seed = 1; seed <= 20_000; seed++) {
    const next = random(seed);
    const pick = count => Math.floor(next() * count);
    const text = Array.from({length: pick(40)}, () => parts[pick(parts.length)]).join('');
    const chunks = [];
    for (let at = 0; at < text.length;) chunks.push(text.slice(at, at += 1 + pick(6)));
    assert.deepEqual(parse(chunks), model(text), `seed ${seed}: ${JSON.stringify(chunks)}`);
  }
});

test('an event of ten megabytes in small chunks takes little time', () => {
  const chunk = 'x'.repeat(1000);
  const chunks = ['data: ', ...Array.from({length: 10_000}, () => chunk), '\n\n'];
  const start = process.cpuUsage().user;
  assert.equal(parse(chunks).events[0].data.length, 10_000_000);
  assert.ok(process.cpuUsage().user - start < 5e6, 'quadratic');
});

test('an event without end is refused', () => {
  const parser = new EventParser(() => {});
  const chunk = 'x'.repeat(2 ** 20);
  assert.throws(() => { for (let i = 0; i < 100; i++) parser.push(chunk); }, RangeError);
});
