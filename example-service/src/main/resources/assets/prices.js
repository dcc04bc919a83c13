(() => {
  'use strict';

  const SHARES = ['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Larch', 'Maple', 'Oak', 'Pine', 'Willow'];
  const MACHINE = { // one minute each
    processors: {title: 'Processors', low: 0, high: 100, show: percent => `${percent.toFixed(0)} %`},
    memory: {title: 'Memory', low: 0, high: 100, show: percent => `${percent.toFixed(0)} %`},
    load: {title: 'Load average', low: 0, show: load => load.toFixed(2)},
  };
  const FRAME = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 66; // ms between two pictures
  const $ = id => document.getElementById(id);
  const shares = new Map(SHARES.map(name => [name, chart('shares', name, {shown: 240, hasChange: true, show: price => price.toFixed(2)})]));
  const machine = new Map(Object.entries(MACHINE).map(([name, options]) => [name, chart('machine', options.title, {shown: 120, ...options})]));
  const demands = [new Demand('prices'), new Demand('machine')];
  let updates = 0;
  let isPaused = false;

  // two streams, because a stream has at most ten channels
  stream(SHARES.map(name => `price-${name}`))
    .on('price', ({share, number, price}) => {
      updates++;
      shares.get(share)?.add(number, price);
    })
    .on('status', status => {
      if (status === 'open') demands.forEach(demand => demand.ask());
      $('status').dataset.status = status;
      $('status').textContent = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
    });
  stream(Object.keys(MACHINE).map(name => `machine-${name}`))
    .on('reading', ({name, number, value}) => {
      updates++;
      machine.get(name)?.add(number, value);
    });

  $('pause').addEventListener('click', () => {
    isPaused = !isPaused;
    $('pause').textContent = isPaused ? 'Continue' : 'Pause';
    report(isPaused ? 'The charts are paused. Events keep arriving.' : '');
  });

  setInterval(() => {
    $('rate').textContent = updates;
    updates = 0;
  }, 1000);

  setInterval(() => {
    if (!isPaused && document.visibilityState === 'visible') [...shares.values(), ...machine.values()].forEach(each => each.draw());
  }, FRAME);

  function chart(list, name, options) {
    return new Chart($(list), name, {...options, onOlder: () => report(`${name}: an older value arrived after a newer one.`)});
  }

  function stream(channels) {
    return new EventStreamClient(`/events?${new URLSearchParams(channels.map(name => ['channel', name]))}`)
      .on('error', error => report(error.text || error.condition));
  }

  function report(text) {
    $('report').textContent = text;
  }
})();
