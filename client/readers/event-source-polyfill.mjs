import {headers, listen, served, url} from './reader.mjs';

const {EventSourcePolyfill} = await served('event-source-polyfill.mjs');
listen(new EventSourcePolyfill(url, {headers}));
