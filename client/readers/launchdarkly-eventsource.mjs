import launchdarkly from 'launchdarkly-eventsource';
import {headers, listen, stopped, url} from './reader.mjs';

const source = new launchdarkly.EventSource(url, {headers});
listen(source);
source.addEventListener('closed', stopped);
