// Shared by the programs here, each of which runs one reader: `node NAME.mjs URL [HEADERS]`. A program prints JSON lines: what it receives,
// and whether its reader has stopped by itself. It ends when its standard input ends, or after three minutes.

import {unlink, writeFile} from 'node:fs/promises';

const LONGEST_MILLIS = 180_000;

export const url = process.argv[2];
export const headers = JSON.parse(process.argv[3] ?? '{}');

/** The types that a page registers with an EventSource. The tests also send events of other types. */
export const types = [
  'message', 'ordered', 'shipped', 'stream-open', 'stream-reset', 'stream-end', 'stream-error', 'keep-alive',
];

const print = line => process.stdout.write(JSON.stringify(line) + '\n');

export const received = (type, data, id) => print({type: type || 'message', data, id: id ?? ''});

export const stopped = () => print({stopped: true});

/** Prints the events of something that looks like an EventSource. */
export function listen(source) {
  types.forEach(type => source.addEventListener(type, event => received(type, event.data, event.lastEventId)));
  source.addEventListener('error', () => source.readyState === 2 && stopped());
}

/** A module that the bundle serves. */
export async function served(file) {
  const answer = await fetch(new URL('/eventstream/' + file, url));
  const copy = new URL(`served-${process.pid}.mjs`, import.meta.url);
  await writeFile(copy, await answer.text());
  try {
    return await import(copy);
  } finally {
    await unlink(copy);
  }
}

process.stdin.resume().on('end', () => process.exit());
setTimeout(() => process.exit(1), LONGEST_MILLIS);
