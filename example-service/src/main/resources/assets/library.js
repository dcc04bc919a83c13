// What the pages of all libraries have in common: the stream and its status, and the form.

const $ = id => document.getElementById(id);

/** The stream of the page. If events are lost, the page is loaded again, with the newest messages and a new position. */
function openStream(address) {
  return new EventStreamClient(address)
    .on('reset', () => location.reload())
    .on('error', error => complain(error.text || error.condition))
    .on('status', status => {
      if (status === 'open') complain('');
      $('status').dataset.status = status;
      $('status').textContent = {connecting: 'connecting…', open: 'live', waiting: 'busy, waiting…', closed: 'closed'}[status];
    });
}

function complain(text) {
  $('problem').textContent = text;
  $('problem').hidden = !text;
}

$('text').addEventListener('keydown', event => {
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $('say').requestSubmit();
  }
});

$('say').addEventListener('submit', async event => {
  event.preventDefault();
  const form = event.currentTarget;
  const button = form.querySelector('button');
  if (button.disabled || !$('text').value.trim()) return;
  button.disabled = true;
  try {
    const from = new URLSearchParams(location.search).get('user') || 'guest';
    const response = await fetch(form.action, {method: 'POST', body: new URLSearchParams({from, text: $('text').value})});
    if (!response.ok) throw new Error((await response.json()).message);
    form.reset(); // the message itself comes with the stream
    complain('');
  } catch (e) {
    complain(`Not sent: ${e.message}`);
  }
  button.disabled = false;
  $('text').focus();
});

// the page keeps the newest messages only
new MutationObserver(() => {
  while ($('messages').children.length > 500) $('messages').firstElementChild.remove();
}).observe($('messages'), {childList: true});
