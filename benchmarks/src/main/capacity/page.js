(() => {
  if (typeof document === 'undefined') return; // a test that only runs the formulas

  const KB = 1024, MB = KB * KB, GB = MB * KB;
  const INPUTS = [
    ['readers', 'Readers at the same time', 1, 1e9],
    ['channelsPerReader', 'Channels per reader', 1, 255],
    ['channels', 'Channels in all', 1, 1e9],
    ['events', 'Events per second, in all channels', 0, 1e7],
    ['bytes', 'Bytes per event', 0, 16777216],
    ['storedPercent', 'Stored events, in percent', 0, 100],
    ['nodes', 'Nodes', 1, 10000],
    ['cores', 'Cores per node', 1, 1024],
    ['network', 'Network per node, in Gbit/s', 0.001, 1000],
    ['queries', 'Your own queries for each new stream', 0, 100]
  ];
  const RESOURCES = {
    CPU: 'CPU of a node', FAN_OUT: 'Fan-out threads', MEMORY: 'Memory of a node', NETWORK: 'Network of a node', DATABASE: 'Database',
    STREAMS: 'limits.streams'
  };
  const byId = id => document.getElementById(id);
  const fields = {};

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function makeForm() {
    const inputs = INPUTS.map(([name, title, min, max]) => {
      fields[name] = element('input', {id: name, type: 'number', inputMode: 'decimal', step: 'any', min, max, required: true});
      fields[name].setAttribute('aria-describedby', 'error');
      return element('div', {}, element('label', {htmlFor: name, textContent: title}), fields[name]);
    });
    fields.bus = element('select', {id: 'bus'},
      element('option', {value: 'database', textContent: 'database (up to 1 s later)'}),
      element('option', {value: 'fast', textContent: 'postgres, redis or nats'}));
    byId('inputs').append(...inputs, element('div', {}, element('label', {htmlFor: 'bus', textContent: 'Bus'}), fields.bus));
    byId('case').append(...Object.entries(cases).map(([value, {title}]) => element('option', {value, textContent: title})));
    byId('case').addEventListener('change', event => { fill(cases[event.target.value].load); show(); });
    byId('form').addEventListener('input', event => event.target.id === 'case' || show());
    byId('form').addEventListener('submit', event => event.preventDefault());
  }

  function fill(load) {
    for (const [name] of INPUTS) fields[name].value = name === 'storedPercent' ? load.storedShare * 100 : load[name];
    fields.bus.value = load.isFast ? 'fast' : 'database';
  }

  /** The workload of the form; undefined if a value is not allowed. */
  function read() {
    const load = {isFast: fields.bus.value === 'fast'};
    let error = '';
    for (const [name, title, min, max] of INPUTS) {
      const value = fields[name].value.trim() === '' ? NaN : Number(fields[name].value);
      const least = name === 'channels' ? Math.max(1, load.channelsPerReader || 1) : min;
      const isAllowed = value >= least && value <= max;
      fields[name].setAttribute('aria-invalid', String(!isAllowed));
      if (!isAllowed && !error) error = `${title}: enter a number from ${number(least)} to ${number(max)}.`;
      load[name] = value;
    }
    byId('error').textContent = error;
    load.storedShare = load.storedPercent / 100;
    return error ? undefined : load;
  }

  const number = value => value.toLocaleString('en', {maximumSignificantDigits: value >= 1000 ? 4 : 3});
  const size = value => value >= GB ? `${number(value / GB)} GB` : value >= MB ? `${number(value / MB)} MB` : `${number(value / KB)} KB`;
  const seconds = value => value >= 120 ? `${number(value / 60)} min` : `${number(value)} s`;

  function table(caption, rows) {
    const body = element('tbody', {}, ...rows.map(([title, value]) =>
      element('tr', {}, element('th', {scope: 'row', textContent: title}), element('td', {textContent: value}))));
    return element('table', {}, element('caption', {textContent: caption}), body);
  }

  function tables(f) {
    return [
      table('One node', [
        ['Streams', number(f.streams)], ['Events sent to it per second', number(f.sends)], ['Deliveries per second', number(f.deliveries)],
        ['Writes per second', number(f.writes)], ['Time until the last reader has an event', f.lastReader < 1 ? 'less than 1 ms' : `${number(f.lastReader)} ms`],
        ['Cores in use', number(f.cores)], ['– for the fan-out', number(f.fanOutCores)]]),
      table('Its memory and network', [
        ['Heap (-Xmx)', size(f.heap)], ['Process', size(f.process)], ['Kernel, for connections', size(f.kernel)],
        ['Descriptors (HTTP/1.1)', number(f.descriptors)], ['Channels that it follows', number(f.followed)],
        ['Sent per second', `${size(f.bytes)}`], ['An event on the wire', `${number(f.frame)} bytes`]]),
      table('The database, for all nodes', [
        ['Transactions per second', number(f.transactions)], ['Statements per second', number(f.statements)],
        ['Rows written per second', number(f.rowsWritten)], ['To and from the nodes, per second', size(f.databaseBytes)],
        ['Write-ahead log, per second', size(f.wal)], ['Growth of the log per day', size(f.perDay)]]),
      table('When a node is lost', [
        ['Streams that return to each node', number(f.returning)], ['Streams that a node begins per second', number(f.startsPerSecond)],
        ['Refused at first', `${number(f.refusedFirst * 100)} %`], ['Time until all have a stream again', seconds(f.started)],
        ['Time until all have what they missed', seconds(f.caughtUp)]])
    ];
  }

  function advice(load, {figures: f, used}) {
    const list = [];
    const limit = Math.ceil(f.streams * 1.2 / 1000) * 1000;
    if (limit > 10000) list.push(`Set eventStream.limits.streams to ${number(limit)}, and let the load balancer count connections. If it distributes them in turn, set this limit to ${number(Math.min(parameters['streams.most'], 2.5 * limit))}.`);
    if (f.descriptors > 60000) list.push(`Raise the limit of descriptors (LimitNOFILE) to ${number(Math.ceil(f.descriptors * 1.2))}.`);
    if (f.refusedFirst > 0) list.push('Raise eventStream.limits.newStreamsPerSecond, or add nodes. Otherwise, some readers are refused when a node is lost, and come back only after 6 to 30 s.');
    if (load.nodes === 1) list.push('With one node, all readers are away while it restarts. Run two.');
    if (load.nodes > 1 && !load.isFast && load.storedShare < 1) list.push('With the bus database, unstored events reach only the readers of the node that sends them. Choose another bus.');
    if (load.nodes > 1 && !load.isFast) list.push('With the bus database, readers on other nodes get events up to a second later. If this delay is too long, choose another bus.');
    if (used.DATABASE > 0.7 && load.storedShare > 0) list.push('The database is the next limit. Send in batches (sendAll, posts of lines), or leave events unstored that readers do not need after a reconnect.');
    if (f.writes < f.deliveries) list.push(`A node writes several events of a stream together, so they may be up to ${parameters['round.longest'] * 1000} ms late. If this delay is too long, add nodes.`);
    else if (f.lastReader > parameters['round.longest'] * 1000) list.push(`A node takes ${number(f.lastReader)} ms to write an event to all readers of a channel. If this delay is too long for the last of them, add nodes.`);
    list.push(`Pushpin does not save cores: it would need ${number(f.pushpins)} × 2 of them for these streams. Use it so that streams survive restarts of the service, or to hold them elsewhere.`);
    return list.map(textContent => element('li', {textContent}));
  }

  function show() {
    const load = read();
    byId('results').hidden = !load;
    if (!load) return;
    const result = capacity.estimate(load, parameters);
    const shares = Object.entries(result.used);
    const [limit, most] = shares.reduce((a, b) => b[1] > a[1] ? b : a);
    byId('verdict').textContent = most <= 1
      ? `This fits. The first limit is: ${RESOURCES[limit]}.`
      : `This does not fit. Exceeded: ${shares.filter(([, share]) => share > 1).map(([name]) => RESOURCES[name]).join(', ')}.`;
    byId('verdict').className = most <= 1 ? 'good' : 'bad';
    byId('meters').replaceChildren(...shares.flatMap(([name, share]) => [
      element('dt', {textContent: RESOURCES[name]}),
      element('dd', {}, element('meter', {min: 0, max: 1, high: 0.99, optimum: 0, value: Math.min(1, share), ariaLabel: RESOURCES[name]})),
      element('dd', {textContent: `${Math.round(share * 100).toLocaleString('en')} %`})]));
    byId('tables').replaceChildren(...tables(result.figures));
    byId('advice').replaceChildren(...advice(load, result));
  }

  makeForm();
  fill(Object.values(cases)[0].load);
  show();
})();
