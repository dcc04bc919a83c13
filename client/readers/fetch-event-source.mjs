import {fetchEventSource} from '@microsoft/fetch-event-source/lib/cjs/index.js';
import {setTimeout} from 'node:timers/promises';
import {headers, received, url} from './reader.mjs';

globalThis.window = globalThis;
globalThis.document = new EventTarget();

// fetch-event-source takes over the id of an event that is not complete, so this keeps the position itself
const position = {};
const fromPosition = (input, init) => fetch(input, {...init, headers: {...init.headers, ...position}});
for (;;) {
  await fetchEventSource(url, {
    headers,
    fetch: fromPosition,
    onmessage({event, data, id}) {
      if (id) {
        position['last-event-id'] = id;
      }
      received(event, data, id);
    },
    openWhenHidden: true,
  });
  await setTimeout(1_000); // the service has ended the stream, and fetch-event-source does not reconnect
}
