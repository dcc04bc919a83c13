// The formulas of the capacity model, the same as in dev.eventstream.benchmarks.capacity (Streams, FanOut, Log, Memory, Cores,
// Network, Return, Estimate). CapacityPageTest runs both on the same inputs: a workload and the parameters by name.
const capacity = (() => {
  'use strict';

  function streams(load, up, p) {
    const number = load.readers / up;
    const followed = Math.min(load.channels, number * load.channelsPerReader);
    const rate = load.events * load.channelsPerReader / load.channels;
    const id = p['frame.id'] + load.channelsPerReader * p['frame.id.channel'];
    return {
      number, followed, rate,
      deliveries: number * rate,
      heard: load.events * followed / load.channels,
      frame: load.bytes + p['frame.event'] + load.storedShare * id,
      keepAlives: number * Math.max(0, 1 / p['keep-alive.mean'] - rate),
      starts: number / p['stream.life']
    };
  }

  const perEvent = (s, p) => p['cpu.event'] + s.frame * p['cpu.byte'] / 1e3;

  function fanOut(load, s, p) {
    const threads = p['fan-out.threads'] === 0 ? load.cores : Math.min(load.cores, p['fan-out.threads']);
    const longest = p['round.longest'], write = p['cpu.write'], news = p['cpu.news'];
    const composing = s.deliveries * perEvent(s, p);
    const alone = (s.heard * news + s.deliveries * write + composing) / 1e6;
    const fewest = s.number * Math.min(s.rate, 1 / longest);
    const others = Math.min(s.heard, s.followed / longest) * news + composing;
    const together = (fewest * write + others) / 1e6;
    const room = p['load.target'] * threads;
    if (alone <= room) return {threads, alone, together, cores: alone, writes: s.deliveries};
    const cores = Math.max(together, room);
    return {threads, alone, together, cores, writes: Math.max(fewest, (cores * 1e6 - others) / write)};
  }

  function lastReader(load, up, s, f, p) {
    if (f.writes < s.deliveries) return p['round.longest'] * 1e3;
    const readers = load.readers * load.channelsPerReader / load.channels / up;
    return readers * (p['cpu.write'] + perEvent(s, p)) / f.threads / 1e3;
  }

  function log(load, up, s, p) {
    const stored = load.events * load.storedShare;
    const followed = s.followed;
    const foreign = stored * (up - 1) / up * followed / load.channels;
    const fast = load.isFast ? '.fast' : '';
    let reads = 0;
    if (up > 1) {
      reads = load.isFast
        ? p['db.statements.read.fast'] * Math.min(foreign, followed * p['bus.rounds'])
        : p['db.statements.read'] * Math.min(foreign, followed / p['poll.interval']);
    }
    const transactions = Math.min(stored, up * p['db.groups']);
    const idle = p['db.statements.idle' + fast] + followed * p['db.statements.channels'];
    const statements = transactions * p['db.statements.send' + fast] + up * (reads + idle + s.starts * load.queries);
    return {
      transactions, statements, reads,
      rowsWritten: 3 * stored,
      bytes: stored * (p['db.bytes.send'] + load.bytes) + up * foreign * (p['db.bytes.read'] + load.bytes),
      wal: stored * (p['db.wal'] + load.bytes),
      perDay: stored * (p['db.row'] + load.bytes) * 86400,
      used: Math.max(stored / p['db.events'], statements / p['db.statements'])
    };
  }

  function memory(load, s, p) {
    const kb = 1024, mb = 1024 * kb;
    const inUse = p['heap.base'] * mb + s.number * p['heap.stream'] * kb + s.followed * p['heap.channel'] * kb;
    const heap = Math.max(p['heap.smallest'] * mb, inUse * p['heap.factor'] / (1 - p['memory.share']));
    const process = heap + p['rss.base'] * mb;
    const kernel = s.number * p['kernel.stream'] * kb;
    return {heap, process, kernel, used: (process + kernel) / (load.cores * p['memory.per-core'] * mb)};
  }

  function cores(load, up, s, f, l, p) {
    const send = load.storedShare * p['cpu.send.stored'] + (1 - load.storedShare) * p['cpu.send.unstored'];
    const onBus = load.isFast ? load.events * (up - 1) / up * p['cpu.bus.event'] : 0;
    return load.events / up * send / 1e6 + (l.reads * p['cpu.query'] + onBus) / 1e6
      + s.keepAlives * p['cpu.write'] / 1e6 + s.starts * p['cpu.start'] / 1e6 + f.cores;
  }

  function network(s, f, p) {
    const events = s.deliveries * s.frame;
    return events + events / p['wire.packet'] * p['wire.write'] + f.writes * p['wire.write']
      + s.keepAlives * (p['frame.keep-alive'] + p['wire.write']) + s.starts * p['wire.start'];
  }

  function comeBack(load, s, f, p) {
    const isOnly = load.nodes <= 1;
    const perNode = isOnly ? load.readers : load.readers / load.nodes / (load.nodes - 1);
    const wait = isOnly ? p['node.start'] : 0;
    const free = Math.max(load.cores * 0.25, load.cores - f.cores);
    const starts = Math.min(p['starts.at-once'] * 1e3 / p['start.time'], free * 1e6 / p['cpu.start']);
    const window = p['retry.max'] - p['retry.min'];
    const atOnce = p['admission.rate'] * (p['admission.burst'] + window);
    const refused = Math.max(0, perNode - atOnce) / perNode;
    const inLine = Math.max(0, perNode / starts - window - p['starts.longest-wait']);
    const rate = perNode <= atOnce ? starts : p['admission.rate'];
    const queued = Math.max(p['retry.max'], p['retry.min'] + perNode / Math.min(starts, rate));
    const started = wait + queued + (refused > 0 || inLine > 0 ? p['refused.max'] : 0);
    const missed = s.rate * load.storedShare * started;
    let caughtUp = started;
    if (missed > p['start.events'] || missed * s.frame > p['start.bytes']) {
      const perStream = missed * (p['cpu.catch-up.event'] + s.frame * p['cpu.catch-up.byte'] / 1e3);
      caughtUp += perNode * perStream / 1e6 / Math.min(free, p['catch-up.threads']);
    }
    return {perNode, starts, refused, started, caughtUp};
  }

  function estimate(load, p) {
    const up = Math.max(1, load.nodes - 1);
    const s = streams(load, up, p);
    const f = fanOut(load, s, p);
    const l = log(load, up, s, p);
    const m = memory(load, s, p);
    const c = cores(load, up, s, f, l, p);
    const bytes = network(s, f, p);
    const back = comeBack(load, s, f, p);
    const target = p['load.target'];
    return {
      figures: {
        streams: s.number, eventsPerStream: s.rate, sends: load.events / up, deliveries: s.deliveries, writes: f.writes,
        frame: s.frame, bytes, lastReader: lastReader(load, up, s, f, p), cores: c, fanOutCores: f.cores,
        heap: m.heap, process: m.process, kernel: m.kernel, descriptors: s.number + p['descriptors.base'],
        followed: s.followed, transactions: l.transactions, statements: l.statements, rowsWritten: l.rowsWritten,
        databaseBytes: l.bytes, wal: l.wal, perDay: l.perDay,
        pushpins: Math.ceil(Math.max(load.readers / p['pushpin.connections'], s.deliveries * up / p['pushpin.deliveries'])),
        returning: back.perNode, startsPerSecond: back.starts, refusedFirst: back.refused, started: back.started,
        caughtUp: back.caughtUp
      },
      used: {
        CPU: c / load.cores / target,
        FAN_OUT: f.together / f.threads / target,
        MEMORY: m.used / target,
        NETWORK: bytes * 8 / (load.network * 1e9) / target,
        DATABASE: l.used / target,
        STREAMS: s.number / p['streams.most']
      }
    };
  }

  return {estimate};
})();
