(() => {
  'use strict';

  const SHARES = ['Alder', 'Birch', 'Cedar', 'Elm', 'Hazel', 'Larch', 'Maple', 'Oak', 'Pine', 'Willow'];
  const SHOWN = 240; // prices of each chart
  const FRAME = matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 66; // ms between two pictures
  const $ = id => document.getElementById(id);
  const charts = new Map(SHARES.map(name => [name, new Chart(name)]));
  const demand = new Demand('prices');
  let updates = 0;
  let isPaused = false;

  const query = new URLSearchParams(SHARES.map(name => ['channel', `price-${name}`]));
  new EventStreamClient(`/events?${query}`)
    .on('price', ({share, number, price}) => {
      updates++;
      charts.get(share)?.add(number, price);
    })
    .on('error', error => report(error.text || error.condition))
    .on('status', status => {
      if (status === 'open') demand.ask();
      $('status').dataset.status = status;
      $('status').textContent = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
    });

  $('pause').addEventListener('click', () => {
    isPaused = !isPaused;
    $('pause').textContent = isPaused ? 'Continue' : 'Pause';
    report(isPaused ? 'The charts stand still. Prices keep arriving.' : '');
  });

  setInterval(() => {
    $('rate').textContent = updates;
    updates = 0;
  }, 1000);

  setInterval(() => {
    if (!isPaused && document.visibilityState === 'visible') charts.forEach(chart => chart.draw());
  }, FRAME);

  function report(text) {
    $('report').textContent = text;
  }

  function Chart(name) {
    const prices = [];
    let newest = 0;
    let isChanged = false;
    const item = document.createElement('li');
    const heading = document.createElement('h2');
    heading.textContent = name;
    const value = document.createElement('p');
    value.className = 'price';
    const change = document.createElement('p');
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('viewBox', `0 0 ${SHOWN} 60`);
    svg.setAttribute('preserveAspectRatio', 'none');
    svg.setAttribute('aria-hidden', 'true');
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
    svg.append(line);
    item.append(heading, value, change, svg);
    $('shares').append(item);

    /** Keeps a price, unless it is older than the newest. */
    this.add = (number, price) => {
      if (number <= newest) report(`${name}: an older price came after a newer one.`);
      newest = number;
      prices.push(price);
      if (prices.length > SHOWN) prices.shift();
      isChanged = true;
    };

    this.draw = () => {
      if (!isChanged) return;
      isChanged = false;
      const price = prices.at(-1);
      const percent = 100 * (price / prices[0] - 1);
      const low = Math.min(...prices);
      const range = Math.max(...prices) - low || 1;
      value.textContent = price.toFixed(2);
      change.textContent = `${percent < 0 ? '▼' : '▲'} ${Math.abs(percent).toFixed(2)} %`;
      change.className = percent < 0 ? 'falls' : 'rises';
      line.setAttribute('points', prices.map((each, i) => `${i},${(57 - 54 * (each - low) / range).toFixed(1)}`).join(' '));
    };
  }
})();
