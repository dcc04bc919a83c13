(() => {
  'use strict';

  const $ = id => document.getElementById(id);
  const tally = new Tally();
  let words = 0;
  let isComplete = false;

  // the route of answers begins with the first word
  new EventStreamClient(`${location.pathname.replace(/\/$/, '')}/events`)
    .on('question', asked)
    .on('word', ({number, text}) => {
      tally.add(number);
      $('answer').append(text);
      show();
    })
    .on('stream-end', complete)
    .on('reset', () => location.reload())
    .on('error', error => report(error.text || error.condition))
    .on('status', status => {
      $('status').dataset.status = isComplete ? 'open' : status;
      $('status').textContent = isComplete ? 'complete'
        : {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
    });

  function asked(data) {
    words = data.words;
    document.title = data.question;
    $('question').textContent = data.question;
    $('progress').max = words;
    show();
    report('The answer is being written.');
  }

  function show() {
    $('progress').value = tally.received;
    $('words').textContent = `${tally.received} of ${words} words`;
  }

  function complete() {
    isComplete = true;
    $('answer').setAttribute('aria-busy', 'false');
    const isWhole = tally.received === words && tally.lost === 0 && tally.repeated === 0 && tally.disordered === 0;
    if (words === 0) report('The answer has been deleted; answers are kept for an hour.');
    else report(isWhole ? `Complete: ${words} words, none missing and none twice.`
      : `The answer ended with ${tally.received} of ${words} words; ${tally.repeated} came twice.`);
  }

  function report(text) {
    $('report').textContent = text;
  }

  $('address').value = location.href;
  $('address').addEventListener('focus', event => event.target.select());
  $('reload').addEventListener('click', () => location.reload());
  $('copy').addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      report('The address is in the clipboard.');
    } catch {
      $('address').focus(); // the browser does not allow it; the user can copy
    }
  });
})();
