// Runs the browser client against a fake clock, network and page. `source` is the text of the client, `scene` a function body.
// Returns the log, one line per action or report.
const rehearse = (source, scene) => {
  const log = [];
  const connections = [];
  const timers = new Map();
  let now = 1e12;
  let chance = 0.5;
  let timerCount = 0;

  class Connection extends EventTarget {
    constructor(url, options) {
      super();
      this.readyState = 0;
      connections.push(this);
      const seconds = (now - 1e12) / 1000;
      const path = decodeURIComponent(url.slice('http://test'.length));
      log.push(`${seconds}s connect ${path}${options.withCredentials ? ' with credentials' : ''}`);
    }

    close() {
      this.readyState = 2;
    }
  }
  Connection.CLOSED = 2;

  const page = Object.assign(new EventTarget(), {
    location: {href: 'http://test/page'},
    document: Object.assign(new EventTarget(), {baseURI: 'http://test/page', visibilityState: 'visible'}),
    setTimeout: (action, delay = 0) => timers.set(++timerCount, {action, at: now + delay}) && timerCount,
    clearTimeout: id => timers.delete(id)
  });
  const clock = {now: () => now};
  const maths = {random: () => chance, min: Math.min, max: Math.max};
  new Function('globalThis', 'EventSource', 'Date', 'Math', 'module', source)(page, Connection, clock, maths, undefined);

  /** Opens a stream and logs all its reports. */
  const open = (url, options, types = ['message']) => {
    const stream = new page.EventStreamClient(url, options);
    types.forEach(type => stream.on(type, (data, info) => log.push(`${type} ${JSON.stringify(data)} ${info.id}`)));
    return stream
      .on('reset', channels => log.push(`reset ${channels}`))
      .on('error', error => log.push(`error ${error.condition} ${error.text} ${error.channels}`))
      .on('status', status => log.push(`status ${status}`));
  };
  const current = () => connections[connections.length - 1];

  /** The server sends an event. Without an id it shows that of the event before, as EventSource does. */
  const says = (type, data, id = current().shown || '') => {
    if (current().readyState === 2) return;
    current().readyState = 1;
    current().shown = id;
    current().dispatchEvent(new MessageEvent(type, {data, lastEventId: id}));
  };
  const opens = (id, keepAlive = 20) => says('stream-open', JSON.stringify({keepAlive}), id);

  /** The connection breaks. EventSource retries or gives up. */
  const breaks = ({givesUp}) => {
    current().readyState = givesUp ? 2 : 0;
    current().dispatchEvent(new Event('error'));
  };
  const passes = seconds => {
    const end = now + seconds * 1000;
    for (;;) {
      const due = [...timers].filter(([, timer]) => timer.at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      timers.delete(due[0]);
      now = due[1].at;
      due[1].action();
    }
    now = end;
  };
  const sleeps = seconds => { now += seconds * 1000; }; // no timer runs
  const luck = value => { chance = value; };
  const becomes = visibilityState => {
    page.document.visibilityState = visibilityState;
    page.document.dispatchEvent(new Event('visibilitychange'));
  };
  const online = () => page.dispatchEvent(new Event('online'));

  const tools = {log, page, connections, timers, open, says, opens, breaks, passes, sleeps, luck, becomes, online};
  new Function(...Object.keys(tools), scene)(...Object.values(tools));
  return log.map(String);
};
return rehearse(arguments[0], arguments[1]);
