import type {WireEvent} from '../parser.js';
import {Comparison} from './comparison.js';
import {CredentialsForm} from './credentials.js';
import {at, onSubmit} from './dom.js';
import {kindOf, type Entry} from './entry.js';
import {Latency} from './latency.js';
import {EntryList} from './list.js';
import {moved} from './positions.js';
import {Sending} from './sending.js';
import {InspectedStream, type Status} from './stream.js';
import {masked} from './text.js';
import {Wire} from './wire.js';

const LABELS: Record<Status, string> = {connecting: 'connecting…', open: 'live', waiting: 'waiting…', cut: 'cut', closed: 'closed'};

const counts = {events: 0, keepAlives: 0, resets: 0, connections: 0};
let lastSign = NaN;
let isCut = false;
let isPaused = false;
let before = ''; // the newest position

const address = new URL(location.href);
address.hash = '';
const startsAt = address.searchParams.getAll('lastEventId').filter(Boolean).pop() ?? '';
if (address.searchParams.has('lastEventId')) address.searchParams.delete('lastEventId');

const wire = new Wire();
const list = new EntryList({openAt, compareWith: id => comparison.with(id)});
const latency = new Latency<Entry>((entry, millis) => list.showLatency(entry, millis));
const stream = new InspectedStream(address, {status: showStatus, text: arrivedText, event: arrived});
const comparison = new Comparison(() => stream.position);
const publish = document.body.dataset['publish'];
const sending = publish ? new Sending(new URL(publish, location.href), (when, channel, id) => latency.sent(when, channel, id)) : undefined;

at('address').textContent = masked(location.pathname + location.search);
at<HTMLInputElement>('start').value = startsAt;

at('pause').addEventListener('click', () => {
  isPaused = !isPaused;
  list.isPaused = isPaused;
  at('pause').textContent = isPaused ? 'Continue' : 'Pause';
  report(isPaused ? 'The list is paused. The stream is still read.' : 'The list continues.');
  showCounts();
});

at('cut').addEventListener('click', () => {
  if (isCut) stream.mend();
  else stream.cut();
});

at('clear').addEventListener('click', () => {
  list.clear();
  showCounts();
});

for (const id of ['filter', 'keep-alives']) at(id).addEventListener('input', () => {
  list.filter(at<HTMLInputElement>('filter').value.trim(), !at<HTMLInputElement>('keep-alives').checked);
  showCounts();
});

onSubmit('position', () => openAt(at<HTMLInputElement>('start').value.trim()));
new CredentialsForm(credentials => {
  stream.credentials = credentials;
  stream.mend();
});
setInterval(showCounts, 250);
stream.open(startsAt);

function openAt(id: string): void {
  at<HTMLInputElement>('start').value = id;
  before = '';
  remark(id === '' ? 'Opens the stream without a position.' : `Opens the stream at ${id}.`);
  stream.open(id);
}

function arrivedText(text: string): void {
  lastSign = performance.now();
  wire.add(text);
}

function arrived({type, data, id}: WireEvent): void {
  const kind = kindOf(type);
  const moves = id === undefined || id === 'error' ? new Map<string, string>() : moved(before, id);
  const entry: Entry = {kind, at: new Date(), type, data, id: id ?? '', moves};
  if (id !== undefined && id !== 'error') before = id;
  if (kind === 'event') {
    counts.events++;
    moves.forEach((position, channel) => latency.arrived(performance.now(), channel, position, entry));
  }
  if (type === 'keep-alive') counts.keepAlives++;
  if (type === 'stream-reset') {
    counts.resets++;
    report('Events are gone: the service could not continue at the position, and says so with a stream-reset.');
  }
  if (type === 'stream-open') moves.forEach((_, channel) => sending?.suggest(channel));
  list.add(entry);
}

function showStatus(status: Status, text: string): void {
  isCut = status === 'cut' || status === 'closed';
  if (status === 'open') counts.connections++;
  at('status').dataset['status'] = status;
  at('status').textContent = LABELS[status];
  at('cut').textContent = isCut ? 'Connect again' : 'Cut connection';
  if (text === '') return;
  report(text);
  remark(text);
}

function remark(text: string): void {
  list.add({kind: 'page', at: new Date(), type: '', data: text, id: '', moves: new Map()});
}

function report(text: string): void {
  at('report').textContent = text;
}

function showCounts(): void {
  const shown: Record<string, string> = {
    'count-events': String(counts.events),
    'count-keep-alives': String(counts.keepAlives),
    'count-resets': String(counts.resets),
    'count-connections': String(counts.connections),
    'count-quiet': Number.isNaN(lastSign) ? '–' : `${Math.floor((performance.now() - lastSign) / 1000)} s`,
    shown: `${list.visible} of ${list.size} shown · ${list.dropped} dropped${isPaused ? ` · ${list.waiting} waiting` : ''}`
  };
  Object.entries(shown).forEach(([id, text]) => {
    if (at(id).textContent !== text) at(id).textContent = text;
  });
}
