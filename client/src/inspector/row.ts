import {element} from './dom.js';
import type {Entry} from './entry.js';
import {beginning, durationOf, indented, sizeOf} from './text.js';

const LONGEST_SUMMARY = 200;
const LONGEST_DATA = 2000;

/** What the buttons of a row do with its position. */
export interface RowActions {
  openAt(id: string): void;
  compareWith(id: string): void;
}

/** An entry as a list item. Nothing in it is ever read as HTML. */
export function rowOf(entry: Entry, actions: RowActions): HTMLLIElement {
  const {kind, at, type, data} = entry;
  const row = element('li', {className: kind});
  row.dataset['type'] = type;
  row.append(
    element('time', {dateTime: at.toISOString(), textContent: timeOf(at)}),
    element('span', {className: 'type', textContent: kind === 'page' ? 'this page' : type || 'id without event'}),
    element('code', {className: 'id', textContent: movesOf(entry)}));
  if (kind === 'page') {
    row.append(element('span', {className: 'remark', textContent: data}));
    return row;
  }
  row.append(element('span', {className: 'size', textContent: sizeOf(data)}), element('span', {className: 'latency'}));
  if (entry.latency !== undefined) showLatency(row, entry.latency);
  row.append(detailsOf(entry, actions));
  return row;
}

/** The position that an entry moves to. An event that moves none has come before. */
function movesOf({kind, id, moves}: Entry): string {
  if (kind === 'event' && id !== '' && moves.size === 0) return 'a repeat';
  return [...moves].map(([channel, position]) => `${channel} ${position}`).join(', ');
}

export function showLatency(row: Element, millis: number): void {
  const place = row.querySelector('.latency');
  if (place) place.textContent = `took ${durationOf(millis)}`;
}

function timeOf(at: Date): string {
  const two = (number: number, digits = 2): string => String(number).padStart(digits, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${two(at.getMilliseconds(), 3)}`;
}

function detailsOf(entry: Entry, actions: RowActions): HTMLDetailsElement {
  const {data} = entry;
  const details = element('details', {});
  const summary = beginning(data, LONGEST_SUMMARY);
  details.append(element('summary', {}, element('code', {textContent: summary === '' ? '(empty)' : summary})));
  // only when somebody looks: most rows are never opened
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(...bodyOf(entry, actions));
  });
  return details;
}

function bodyOf({type, data, id}: Entry, actions: RowActions): HTMLElement[] {
  const text = indented(data) ?? data;
  const shown = beginning(text, LONGEST_DATA);
  const box = element('pre', {tabIndex: 0, textContent: shown});
  box.setAttribute('role', 'group');
  box.setAttribute('aria-label', `Data of ${type}`);
  const body: HTMLElement[] = [box];
  if (shown.length < text.length) {
    const all = element('button', {type: 'button', textContent: `Show all ${text.length.toLocaleString('en')} characters`});
    all.addEventListener('click', () => {
      box.textContent = text;
      box.focus();
      all.remove();
    });
    body.push(all);
  }
  if (id !== '') body.push(positionOf(id, actions));
  return body;
}

function positionOf(id: string, actions: RowActions): HTMLElement {
  const openAt = element('button', {type: 'button', textContent: 'Open the stream after it'});
  openAt.addEventListener('click', () => actions.openAt(id));
  const compareWith = element('button', {type: 'button', textContent: 'Compare'});
  compareWith.addEventListener('click', () => actions.compareWith(id));
  return element('p', {className: 'position'}, 'Position ', element('code', {textContent: id}), openAt, compareWith);
}
