import {fetchEventSource} from '@microsoft/fetch-event-source/lib/cjs/index.js';
import {headers, received, url} from './reader.mjs';

globalThis.window = globalThis;
globalThis.document = new EventTarget();

await fetchEventSource(url, {
  headers,
  onmessage: ({event, data, id}) => received(event, data, id),
  openWhenHidden: true,
});
