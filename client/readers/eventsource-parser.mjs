import {createParser} from 'eventsource-parser';
import {setTimeout} from 'node:timers/promises';
import {headers, received, stopped, url} from './reader.mjs';

// only a parser, so this loop reconnects
let wait = 1_000;
let status = 200;
const position = {};
while (status === 200 || status >= 500) {
  try {
    const answer = await fetch(url, {headers: {...headers, ...position}});
    status = answer.status;
    const decoder = new TextDecoder();
    const parser = createParser({
      onEvent: ({event, data, id}) => received(event, data, id),
      onId: id => (position['Last-Event-ID'] = id),
      onRetry: millis => (wait = millis),
    });
    for await (const bytes of status === 200 ? answer.body : []) {
      parser.feed(decoder.decode(bytes, {stream: true}));
    }
  } catch {
    // the connection is lost
  }
  await setTimeout(wait);
}
stopped();
