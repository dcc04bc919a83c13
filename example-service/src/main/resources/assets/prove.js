(() => {
  'use strict';

  const SHOWN = 600; // numbers that the page keeps at most
  const LINES = 200; // lines of the wire that the page keeps
  const $ = id => document.getElementById(id);
  const tally = new Tally();
  const wire = [''];
  const nodes = $('map').hidden ? undefined : new NodeMap($('nodes'), report);
  const line = new Line(keep, node => $('pushpin').hidden && nodes?.serves(node)); // Pushpin holds the streams itself
  const demand = new Demand('numbers');

  let fastest = Infinity; // ms from the sending to the arrival of the fastest event, whatever the two clocks show
  let leftAt = 0; // when the stream was lost, 0 while it is open
  let returnedAt = 0;
  let recovered = 0;
  let isCut = false;
  let isSlow = false;

  new EventStreamClient('/events?channel=numbers', {transport: 'fetch'}) // so that the line can be cut
    .on('number', arrived)
    .on('reset', () => report('The service could not resume where you left off, and said so. The counter shows how many numbers are lost.'))
    .on('error', error => report(error.text || error.condition))
    .on('status', status => {
      $('status').dataset.status = status;
      $('status').textContent = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
      if (status === 'open') returned();
      else left();
    });

  $('cut').addEventListener('click', () => {
    isCut = !isCut;
    $('cut').textContent = isCut ? 'Plug it back in' : 'Cut my connection';
    if (isCut) line.cut();
    else line.mend();
    report(isCut ? 'Your connection is cut. The service keeps sending.' : 'The line works again. The page returns within five seconds.');
  });

  $('slow').addEventListener('click', () => {
    isSlow = !isSlow;
    $('slow').textContent = isSlow ? 'Full speed again' : 'Slow me down';
    line.isSlow = isSlow;
    report(isSlow ? 'You now read more slowly than the service sends.' : 'You read at full speed again, and catch up.');
  });

  $('restart').addEventListener('click', () => ask('/nodes/1/kill', 'The service is being killed. It comes back within seconds.'));
  $('pushpin').addEventListener('click', () => ask('/nodes/pushpin/restart', 'Pushpin is being restarted. It comes back within seconds.'));

  async function ask(address, success) {
    const answer = await fetch(address, {method: 'POST'}).catch(() => ({}));
    report(answer.ok ? success : 'The service does not answer. Try again later.');
  }

  function arrived({number, sent}) {
    tally.add(number);
    const delay = Date.now() - Date.parse(sent);
    fastest = Math.min(fastest, delay);
    const isRecovered = returnedAt > 0 && Date.parse(sent) + fastest < returnedAt;
    if (isRecovered) recovered++;
    else if (returnedAt > 0) caughtUp();
    show(number, isRecovered);
    ['received', 'lost', 'repeated', 'disordered'].forEach(name => { $(name).textContent = tally[name]; });
    $('lost').dataset.isBad = tally.lost > 0;
    $('behind').textContent = seconds(delay - fastest);
    if (tally.received === 1) report('Numbers arrive.');
  }

  function left() {
    if (tally.received === 0 || leftAt) return;
    leftAt = performance.now();
    $('away').dataset.isCounting = true;
    tick();
  }

  function tick() {
    if (!leftAt) return;
    $('away').textContent = seconds(performance.now() - leftAt);
    setTimeout(tick, 100);
  }

  function returned() {
    demand.ask();
    if (!leftAt) return;
    $('away').textContent = seconds(performance.now() - leftAt);
    $('away').dataset.isCounting = false;
    leftAt = 0;
    recovered = 0;
    returnedAt = Date.now();
  }

  /** The first number arrives that was sent after the return. */
  function caughtUp() {
    returnedAt = 0;
    const lost = tally.lost === 0 ? 'None is lost.' : `${tally.lost} are lost.`;
    report(`You are back after ${$('away').textContent}. ${nodes?.moved() ?? ''}Numbers recovered: ${recovered}. ${lost}`);
  }

  function show(number, isRecovered) {
    const list = $('numbers');
    const item = document.createElement('li');
    item.textContent = isRecovered ? `↩ ${number}` : number;
    item.className = isRecovered ? 'recovered' : 'live';
    if (list.children.length === SHOWN) [...list.children].slice(0, SHOWN / 2).forEach(old => old.remove()); // seldom, because rows shift
    atEnd(list, () => list.append(item));
  }

  /** Changes a box, which stays at its end if it is there. */
  function atEnd(box, change) {
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
    change();
    if (isAtEnd) box.scrollTop = box.scrollHeight;
  }

  /** Keeps the newest lines of the wire, and shows them if the drawer is open. */
  function keep(text) {
    const lines = text.split('\n');
    wire.push(wire.pop() + lines[0], ...lines.slice(1));
    wire.splice(0, wire.length - LINES);
    showWire();
  }

  function showWire() {
    if ($('drawer').open) atEnd($('wire'), () => { $('wire').textContent = wire.join('\n'); });
  }

  $('drawer').addEventListener('toggle', () => {
    showWire();
    $('wire').scrollTop = $('wire').scrollHeight;
  });

  function report(text) {
    $('report').textContent = text;
  }

  function seconds(millis) {
    return `${(Math.max(0, millis) / 1000).toFixed(1)} s`;
  }
})();
