import assert from 'node:assert/strict';
import test from 'node:test';
import {bodyOf, send} from '../../target/client/modules/inspector/draft.js';
import {contains, kindOf} from '../../target/client/modules/inspector/entry.js';
import {Latency} from '../../target/client/modules/inspector/latency.js';
import {Newest} from '../../target/client/modules/inspector/newest.js';
import {outcomeOf, outcomeOfError} from '../../target/client/modules/inspector/outcome.js';
import {compare, moved, read} from '../../target/client/modules/inspector/positions.js';
import {InspectedStream} from '../../target/client/modules/inspector/stream.js';
import {beginning, durationOf, indented, sizeOf} from '../../target/client/modules/inspector/text.js';
import {settle} from './world.mjs';

// ---- the list

test('the newest items stay, within both limits', () => {
  const newest = new Newest(3, 10);
  const add = data => newest.add({data}).map(item => item.data);
  assert.deepEqual(['a', 'b', 'c', 'd'].map(add), [[], [], [], ['a']]);
  assert.deepEqual(add('12345678'), ['b']);
  assert.deepEqual(add('123'), ['c', 'd', '12345678']);
  assert.deepEqual(add('x'.repeat(99)), ['123']);
  assert.deepEqual(newest.all().map(item => item.data.length), [99]);
  assert.equal(newest.take().length, 1);
  assert.deepEqual(add('1234567890'), []);
  assert.deepEqual(add('1'), ['1234567890']);
});

test('a filter finds text in the type, the id and the data, in upper or lower case', () => {
  const entry = {kind: 'event', type: 'Ordered', id: 'a=x-41', data: '{"item":"TEA"}'};
  ['', 'order', 'X-41', 'tea'].forEach(text => assert.equal(contains(entry, text), true, text));
  assert.equal(contains(entry, 'coffee'), false);
});

test('types of the bundle are told from those of the application', () => {
  ['stream-open', 'stream-reset', 'stream-error', 'stream-end', 'keep-alive', ''].forEach(type => assert.equal(kindOf(type), 'service'));
  ['message', 'ordered', 'streams', 'keep-alives'].forEach(type => assert.equal(kindOf(type), 'event'));
});

// ---- texts

test('JSON is indented, and every token stays as it is', () => {
  assert.equal(indented('{"a":12345678901234567890.10,"a":[1,[],{}, {"b" : "x\\"{,\\\\"}],"":null}'), `{
  "a": 12345678901234567890.10,
  "a": [
    1,
    [],
    {},
    {
      "b": "x\\"{,\\\\"
    }
  ],
  "": null
}`);
  assert.equal(indented('"[1,2]"'), '"[1,2]"');
  assert.equal(indented(' [ ] '), '[]');
});

test('what is not JSON, or too long, is not indented', () => {
  ['', 'x', '{"a"', '{"a":1}}', "{'a':1}", `[${'1,'.repeat(50_000)}1]`].forEach(text => assert.equal(indented(text), undefined));
});

test('hostile JSON does not become much longer, and takes no time', () => {
  const deep = '['.repeat(2000) + ']'.repeat(2000);
  assert.equal(indented(deep).replace(/\s/g, ''), deep);
  assert.ok(indented(deep).length < 45 * deep.length);
  const quoted = JSON.stringify('\\"'.repeat(20_000));
  assert.equal(indented(quoted), quoted);
});

test('the beginning of a text has no half characters', () => {
  assert.equal(beginning('abc', 3), 'abc');
  assert.equal(beginning('abcd', 3), 'abc');
  assert.equal(beginning('ab🚀d', 3), 'ab');
  assert.equal(beginning('ab🚀d', 4), 'ab🚀');
});

test('sizes are those of UTF-8', () => {
  assert.deepEqual(['', 'a', 'é', '🚀', 'x'.repeat(999), 'x'.repeat(1000), 'x'.repeat(1_250_000)].map(sizeOf),
    ['0 bytes', '1 byte', '2 bytes', '4 bytes', '999 bytes', '1.0 kB', '1.3 MB']);
  assert.deepEqual([0, 12.4, 999, 1500].map(durationOf), ['0 ms', '12 ms', '999 ms', '1.5 s']);
});

// ---- positions

test('positions are compared channel by channel', () => {
  const texts = (one, other) => compare(one, other).map(({channel, text}) => `${channel}: ${text}`);
  assert.deepEqual(texts('a=x-4,b=y-9,c=0-0,d=p-1,e=z-1', 'a=x-4,b=y-10,c=z-7,d=q-1,f=z-1'), [
    'a: the same', 'b: 1 event later', 'c: 7 events later', 'd: not comparable: the logs differ', 'e: missing in the second',
    'f: missing in the first']);
  assert.deepEqual(texts('b=y-999999999999999999', 'b=y-1'), ['b: 999999999999999998 events earlier']);
  assert.deepEqual(texts('b=y-3', 'b=0-0'), ['b: 3 events earlier']);
  assert.deepEqual(texts('', ''), []);
  assert.deepEqual(compare('caf%C3%A9=x-1', 'caf%c3%a9=x-1'), [{channel: 'café', one: 'x-1', other: 'x-1', text: 'the same'}]);
});

test('a malformed position is refused with the entry that is malformed', () => {
  for (const id of ['x', 'a=', 'a=x', 'a=x-0', 'a=x-01', 'a=X-1', 'a=x--1', 'a=x-1000000000000000000', '=x-1', 'a=x-1, b=y-1', 'a=x-1,', 'error', 'a:1']) {
    assert.throws(() => compare('a=x-1', id), /^RangeError: “.*” is not a position/, id);
  }
  assert.throws(() => read(`a=${'x'.repeat(10_000)}`), ({message}) => message.length < 120);
  assert.deepEqual([...read('%zz=x-1').keys()], ['%zz']);
});

test('an event moves the positions that differ', () => {
  assert.deepEqual([...moved('a=x-4,b=y-9', 'a=x-4,b=y-10')], [['b', 'y-10']]);
  assert.deepEqual([...moved('', 'a=x-4')], [['a', 'x-4']]);
  assert.deepEqual([...moved('a=x-4', 'a=x-4')], []);
  assert.deepEqual([...moved('a=x-4', 'kick-1')], []);
});

// ---- sending

test('an event is posted with its JSON unchanged', () => {
  assert.equal(bodyOf({channel: 'a"b', type: '', data: '{"n":12345678901234567890}', json: true}, 'k'),
    '{"channel":"a\\"b","idempotencyKey":"k","data":{"n":12345678901234567890}}');
  assert.equal(bodyOf({channel: 'a', type: 't', data: '{"n":1', json: false}, 'k'),
    '{"channel":"a","type":"t","idempotencyKey":"k","text":"{\\"n\\":1"}');
});

/** Replaces fetch, and returns the requests. */
function answering(...answers) {
  const requests = [];
  globalThis.fetch = async (url, request) => {
    requests.push({url: String(url), ...request});
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('Failed to fetch');
    return answer;
  };
  return requests;
}

test('a post has the token in its header, and nothing else of the browser', async () => {
  const requests = answering(new Response('{"id":"x-1"}', {status: 201}), new Response('{"id":null}', {status: 201}));
  const draft = {channel: 'a', type: 'message', data: '1', json: true};
  assert.deepEqual(await send(new URL('http://test/events'), 'secret', draft, 'k'), {id: 'x-1'});
  assert.deepEqual(await send(new URL('http://test/events'), 'secret', draft, 'k'), {id: ''});
  assert.equal(requests[0].url, 'http://test/events');
  assert.equal(requests[0].headers.Authorization, 'Bearer secret');
  assert.equal(requests[0].credentials, 'omit');
  assert.ok(!requests[0].body.includes('secret'));
});

test('a refused post is explained', async () => {
  answering(new Response('{"message":"The bearer token is not valid here."}', {status: 401}), new Response('<html>', {status: 502}));
  const draft = {channel: 'a', type: '', data: '1', json: true};
  assert.deepEqual(await send(new URL('http://test/events'), 't', draft, 'k'),
    {problem: 'The token is not valid here (401): The bearer token is not valid here.', mayHaveBeenSent: false});
  assert.deepEqual(await send(new URL('http://test/events'), 't', draft, 'k'), {problem: 'The service failed (502).', mayHaveBeenSent: true});
  assert.match((await send(new URL('http://test/events'), 't', draft, 'k')).problem, /^The service does not answer/);
  assert.match((await send(new URL('http://test/events'), 't', {...draft, data: '{'}, 'k')).problem, /^The data is not JSON/);
});

test('only events that this page has sent have a latency, whichever comes first, the answer or the event', () => {
  const known = [];
  const latency = new Latency((item, millis) => known.push([item, millis]));
  latency.sent(100, 'a', 'x-1');
  latency.arrived(112, 'a', 'x-1', 'first');
  latency.arrived(205, 'a', 'x-2', 'second');
  latency.sent(200, 'a', 'x-2');
  latency.arrived(300, 'a', 'x-3', 'of others');
  latency.arrived(300, 'b', 'x-1', 'of another channel');
  latency.arrived(400, 'a', 'x-1', 'a repeat');
  for (let i = 0; i < 2000; i++) latency.arrived(500, 'a', `x-1${i}`, 'of others');
  latency.sent(290, 'a', 'x-3');
  assert.deepEqual(known, [['first', 12], ['second', 5]]);
});

// ---- refusals

test('every answer that is not a stream is explained, and the page knows whether to try again', async () => {
  const told = async (status, body, headers) => {
    const {text, isFinal, isFull, wait} = await outcomeOf(new Response(body, {status, headers}));
    return `${text}${isFinal ? ' [final]' : ''}${isFull ? ` [full, ${wait}]` : ''}`;
  };
  assert.equal(await told(204, null), 'Every channel is finished, and everything was delivered. [final]');
  assert.equal(await told(200, '<html>', {'Content-Type': 'text/html'}),
    'The answer is not a stream: text/html. Perhaps the application wants you to sign in. [final]');
  assert.equal(await told(400, 'The stream ended.\n'), 'The service does not accept this request (400): The stream ended. [final]');
  assert.equal(await told(401, 'Credentials are required.'), 'The service does not accept these credentials (401): Credentials are required. [final]');
  assert.equal(await told(403, ''), 'The service refuses this request (403). [final]');
  assert.equal(await told(404, ''), 'There is no stream at this address (404).');
  assert.equal(await told(503, 'busy', {'Retry-After': '7'}), 'The service has no room at the moment (503): busy [full, 7000]');
  assert.equal(await told(502, ''), 'A proxy does not reach the service (502).');
  assert.ok((await told(500, 'x'.repeat(10_000))).length < 600);
});

test('an error of a stream is explained, also one without sense', () => {
  assert.deepEqual(outcomeOfError('{"condition":"forbidden","text":"You may not read these channels.","channels":["a","b"]}', true, 5), {
    text: 'The service ended the stream (forbidden): You may not read these channels. Channels: a, b.', isFinal: true, isFull: false, wait: 5});
  assert.equal(outcomeOfError('{"condition":"busy","text":"Full.","channels":[]}', false, 5).isFull, true);
  ['', 'null', '[]', '{"channels":7}'].forEach(data =>
    assert.equal(outcomeOfError(data, false, undefined).text, 'The service ended the stream (no condition): no text.'));
});

// ---- the stream

function stream(...chunks) {
  let controller;
  const body = new ReadableStream({start: it => { controller = it; }});
  chunks.forEach(chunk => controller.enqueue(new TextEncoder().encode(chunk)));
  const response = new Response(body, {headers: {'Content-Type': 'text/event-stream'}});
  return {response, send: text => controller.enqueue(new TextEncoder().encode(text)), end: () => controller.close()};
}

function inspect(path) {
  const log = [];
  const inspected = new InspectedStream(new URL(`http://test${path}`), {
    status: (status, text) => log.push(`${status}: ${text.replace(/[0-9.]+ m?s\b/g, 'TIME')}`),
    text: () => {},
    event: ({type, data, id}) => log.push(`${type} ${data} ${id ?? ''}`.trim())
  });
  return {inspected, log};
}

test('everything of a stream is reported, and it resumes where it was cut', async () => {
  const first = stream('retry: 5000\nid: a=x-1\nevent: stream-open\ndata: {"keepAlive":20}\n\n', 'id: a=x-2\ndata: 1\n\nevent: keep-alive\ndata:\n\n');
  const second = stream();
  const requests = answering(first.response, second.response);
  const {inspected, log} = inspect('/events?channel=a');
  inspected.open('');
  await settle();
  assert.deepEqual(log, ['connecting: ', 'open: The stream is open. It took TIME.', 'stream-open {"keepAlive":20} a=x-1', 'message 1 a=x-2', 'keep-alive']);
  inspected.cut();
  await settle();
  assert.equal(log.at(-1), 'cut: Your connection is cut. The service keeps what you miss.');
  assert.equal(requests[0].signal.aborted, true);
  inspected.credentials = {own: false, header: 'Bearer t'};
  inspected.mend();
  await settle();
  assert.equal(requests[1].url, 'http://test/events?channel=a&lastEventId=a%3Dx-2');
  assert.deepEqual(requests[1].headers, {Accept: 'text/event-stream', Authorization: 'Bearer t'});
  assert.equal(requests[1].credentials, 'omit');
  second.send('id: error\nevent: stream-error\ndata: {"condition":"forbidden","text":"No.","channels":["a"]}\n\n');
  second.end();
  await settle();
  assert.equal(log.at(-1), 'closed: The service ended the stream (forbidden): No. Channels: a.');
  assert.equal(inspected.position, 'a=x-2');
});

test('a stream that is opened elsewhere reports nothing more of the old connection', async () => {
  const first = stream('id: a=x-1\nevent: stream-open\ndata: {}\n\n');
  const second = stream('id: a=x-5\nevent: stream-open\ndata: {}\n\n');
  const requests = answering(first.response, second.response);
  const {inspected, log} = inspect('/events?channel=a');
  inspected.open('a=x-1');
  await settle();
  inspected.open('a=x-5');
  first.send('id: a=x-2\ndata: late\n\n');
  await settle();
  assert.equal(requests[1].url, 'http://test/events?channel=a&lastEventId=a%3Dx-5');
  assert.ok(!log.some(line => line.includes('late')), log.join('\n'));
  assert.equal(inspected.position, 'a=x-5');
  inspected.cut();
});

test('a stream that ends is opened again, and one that is finished is not', async () => {
  const first = stream('retry: 0\nid: a=x-1\nevent: stream-open\ndata: {}\n\n');
  const second = stream('id: a=x-2\nevent: stream-end\ndata: {"channels":["a"]}\n\n');
  const requests = answering(first.response, second.response);
  const {inspected, log} = inspect('/events?channel=a');
  inspected.open('');
  first.end();
  second.end();
  while (!log.at(-1).startsWith('closed')) await settle();
  assert.deepEqual(log.filter(line => /^(waiting|closed)/.test(line)), [
    'waiting: The service ended the stream in good order. The next attempt is in TIME.',
    'closed: Every channel is finished, and everything was delivered.']);
  assert.equal(requests.length, 2);
});

test('a service that does not answer is asked again later', async () => {
  answering();
  const {inspected, log} = inspect('/events?channel=a');
  inspected.open('');
  await settle();
  assert.deepEqual(log, ['connecting: ', 'waiting: The connection is lost, or the service does not answer. The next attempt is in TIME.']);
  inspected.cut();
});
