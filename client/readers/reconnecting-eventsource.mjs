import {EventSource} from 'eventsource';
import {headers, listen, served, url} from './reader.mjs';

globalThis.EventSource = EventSource; // browsers have one
const {ReconnectingEventSource} = await served('reconnecting-eventsource.mjs');
listen(new ReconnectingEventSource(url, {headers, max_retry_time: 200}));
