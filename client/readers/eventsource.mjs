import {EventSource} from 'eventsource';
import {headers, listen, url} from './reader.mjs';

listen(new EventSource(url, {fetch: (input, init) => fetch(input, {...init, headers: {...init.headers, ...headers}})}));
