import {fetchEventSource} from '@microsoft/fetch-event-source/lib/cjs/index.js';
import {headers, received, url} from './reader.mjs';

globalThis.window = globalThis;
globalThis.document = new EventTarget();

await fetchEventSource(url, {
  headers,
  onmessage: ({event, data, id}) => received(event, data, id),
  // Node's fetch takes a connection that breaks for the end of an answer that says `Connection: close`
  onclose() {
    throw new Error('closed');
  },
  openWhenHidden: true,
});
