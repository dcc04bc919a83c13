// The formulas of the capacity model, the same as in dev.eventstream.benchmarks.capacity (FanOut, Log, Memory, Cores, Network, Return,
// Estimate). CapacityPageTest runs both on the same inputs. In come a workload and the parameters by name.
const capacity = (() => {
  'use strict';

  function fanOut(load, up, p) {
    const streams = load.readers / up;
    const rate = load.events * load.channelsPerReader / load.channels;
    const deliveries = streams * rate;
    const id = p['frame.id'] + load.channelsPerReader * p['frame.id.channel'];
    const frame = load.bytes + p['frame.event'] + load.storedShare * id;
    const threads = p['fan-out.threads'] === 0 ? load.cores : Math.min(load.cores, p['fan-out.threads']);
    const composing = deliveries * (p['cpu.event'] + frame * p['cpu.byte'] / 1e3);
    const write = p['cpu.write'];
    const fewest = streams * Math.min(rate, 1 / p['round.longest']);
    const alone = (deliveries * write + composing) / 1e6;
    const together = (fewest * write + composing) / 1e6;
    const room = p['load.target'] * threads;
    const cores = alone <= room ? alone : Math.max(together, room);
    const writes = alone <= room ? deliveries : Math.max(fewest, (cores * 1e6 - composing) / write);
    return {
      streams, rate, deliveries, frame, threads, alone, together, cores, writes,
      keepAlives: streams * Math.max(0, 1 / p['keep-alive.mean'] - rate),
      starts: streams / p['stream.life']
    };
  }

  function lastReader(load, up, f, p) {
    if (f.writes < f.deliveries) return p['round.longest'] * 1e3;
    const readers = load.readers * load.channelsPerReader / load.channels / up;
    const perWrite = p['cpu.write'] + p['cpu.event'] + f.frame * p['cpu.byte'] / 1e3;
    return readers * perWrite / f.threads / 1e3;
  }

  function log(load, up, f, p) {
    const stored = load.events * load.storedShare;
    const followed = Math.min(load.channels, f.streams * load.channelsPerReader);
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
    const statements = transactions * p['db.statements.send' + fast] + up * (reads + idle + f.starts * load.queries);
    return {
      transactions, statements, reads, followed,
      rowsWritten: 3 * stored,
      bytes: stored * (p['db.bytes.send'] + load.bytes) + up * foreign * (p['db.bytes.read'] + load.bytes),
      wal: stored * (p['db.wal'] + load.bytes),
      perDay: stored * (p['db.row'] + load.bytes) * 86400,
      used: Math.max(stored / p['db.events'], statements / p['db.statements'])
    };
  }

  function memory(load, f, l, p) {
    const kb = 1024, mb = 1024 * kb;
    const inUse = p['heap.base'] * mb + f.streams * p['heap.stream'] * kb + l.followed * p['heap.channel'] * kb;
    const heap = Math.max(p['heap.smallest'] * mb, inUse * p['heap.factor'] / (1 - p['memory.share']));
    const process = heap + p['rss.base'] * mb;
    const kernel = f.streams * p['kernel.stream'] * kb;
    return {heap, process, kernel, used: (process + kernel) / (load.cores * p['memory.per-core'] * mb)};
  }

  function cores(load, up, f, l, p) {
    const send = load.storedShare * p['cpu.send.stored'] + (1 - load.storedShare) * p['cpu.send.unstored'];
    const onBus = load.isFast ? load.events * (up - 1) / up * p['cpu.bus.event'] : 0;
    return load.events / up * send / 1e6 + (l.reads * p['cpu.query'] + onBus) / 1e6
      + f.keepAlives * p['cpu.write'] / 1e6 + f.starts * p['cpu.start'] / 1e6 + f.cores;
  }

  function network(f, p) {
    const events = f.deliveries * f.frame;
    return events + events / p['wire.packet'] * p['wire.write'] + f.writes * p['wire.write']
      + f.keepAlives * (p['frame.keep-alive'] + p['wire.write']) + f.starts * p['wire.start'];
  }

  function comeBack(load, f, p) {
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
    const missed = f.rate * load.storedShare * started;
    let caughtUp = started;
    if (missed > p['start.events'] || missed * f.frame > p['start.bytes']) {
      const perStream = missed * (p['cpu.catch-up.event'] + f.frame * p['cpu.catch-up.byte'] / 1e3);
      caughtUp += perNode * perStream / 1e6 / Math.min(free, p['catch-up.threads']);
    }
    return {perNode, starts, refused, started, caughtUp};
  }

  function estimate(load, p) {
    const up = Math.max(1, load.nodes - 1);
    const f = fanOut(load, up, p);
    const l = log(load, up, f, p);
    const m = memory(load, f, l, p);
    const c = cores(load, up, f, l, p);
    const bytes = network(f, p);
    const back = comeBack(load, f, p);
    const target = p['load.target'];
    return {
      figures: {
        streams: f.streams, eventsPerStream: f.rate, sends: load.events / up, deliveries: f.deliveries, writes: f.writes,
        frame: f.frame, bytes, lastReader: lastReader(load, up, f, p), cores: c, fanOutCores: f.cores,
        heap: m.heap, process: m.process, kernel: m.kernel, descriptors: f.streams + p['descriptors.base'],
        followed: l.followed, transactions: l.transactions, statements: l.statements, rowsWritten: l.rowsWritten,
        databaseBytes: l.bytes, wal: l.wal, perDay: l.perDay,
        pushpins: Math.ceil(Math.max(load.readers / p['pushpin.connections'], f.deliveries * up / p['pushpin.deliveries'])),
        returning: back.perNode, startsPerSecond: back.starts, refusedFirst: back.refused, started: back.started,
        caughtUp: back.caughtUp
      },
      used: {
        CPU: c / load.cores / target,
        FAN_OUT: f.together / f.threads / target,
        MEMORY: m.used / target,
        NETWORK: bytes * 8 / (load.network * 1e9) / target,
        DATABASE: l.used / target,
        STREAMS: f.streams / p['streams.most']
      }
    };
  }

  return {estimate};
})();
