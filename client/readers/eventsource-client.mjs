import {createEventSource} from 'eventsource-client';
import {headers, received, stopped, url} from './reader.mjs';

const client = createEventSource({
  url,
  headers,
  onMessage: ({event, data, id}) => received(event, data, id),
  // it closes itself right after this
  onDisconnect: () => setImmediate(() => client.readyState === 'closed' && stopped()),
});
