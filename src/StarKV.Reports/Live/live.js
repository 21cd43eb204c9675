'use strict';
// The key is held here alone: not in the address, not in the browser's storage.
const at = id => document.getElementById(id);
const [state, ask, desk, list, view] = ['state', 'ask', 'desk', 'list', 'session'].map(at);
let key = '', open = '', chosen = { first: '', second: '' }, versions = {}, shown = '', reading = 0, wanted = false;

function call(path, options = {}) {
  const headers = key ? { Authorization: 'Bearer ' + key } : {};
  return fetch(path, { ...options, headers, cache: 'no-store' });
}

function askForKey(refused) {
  ask.hidden = false;
  desk.hidden = true;
  state.textContent = 'waiting for a key';
  at('refused').textContent = refused ? 'The server does not know this key.' : '';
  at('key').value = '';
  at('key').focus();
}

ask.addEventListener('submit', event => {
  event.preventDefault();
  key = at('key').value.trim();
  ask.hidden = true;
  listen();
});

// What the server sends is HTML in which every text is escaped; the policy lets no script of it run.
function put(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused && ['open', 'drop', 'close', 'compare'].find(name => name in focused.dataset);
  const value = mark && focused.dataset[mark];
  const unfolded = new Set([...place.querySelectorAll('details[open]')].map(d => d.dataset.step));
  place.innerHTML = html;
  for (const details of place.querySelectorAll('details')) details.open = unfolded.has(details.dataset.step);
  if (mark) [...place.querySelectorAll(`[data-${mark}]`)].find(e => e.dataset[mark] === value)?.focus();
}

function current() {
  for (const button of list.querySelectorAll('[data-open]')) {
    if (button.dataset.open === open) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
  document.body.classList.toggle('opened', open !== '');
}

async function show(focus) {
  const mine = ++reading, id = open;
  // A later reading may overtake the one that was to take the focus.
  wanted ||= focus;
  if (!id) {
    view.innerHTML = '';
    return current();
  }
  const query = chosen.first && chosen.second ? `?first=${chosen.first}&second=${chosen.second}` : '';
  shown = versions[id];
  current();
  const answer = await call(`page/sessions/${encodeURIComponent(id)}${query}`);
  if (mine !== reading) return;
  if (answer.status === 404) {
    open = '';
    put(view, '<p class="empty">This session is not there any more.</p>');
    current();
  } else if (answer.ok) {
    const html = await answer.text();
    if (mine !== reading) return;
    put(view, html);
    for (const select of view.querySelectorAll('select')) select.value = chosen[select.dataset.compare];
  }
  // A narrow window shows the session below the list.
  if (wanted) view.focus({ preventScroll: matchMedia('(min-width: 901px)').matches });
  wanted = false;
}

function take(message) {
  versions = message.versions;
  put(list, message.html);
  current();
  if (open && versions[open] !== shown) show(false);
}

// An EventSource cannot send a key; this reads its events.
async function events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const pieces = (text + value).split('\n\n');
    text = pieces.pop();
    for (const piece of pieces) {
      const data = piece.split('\n').find(line => line.startsWith('data: '));
      if (data) take(JSON.parse(data.slice(6)));
    }
  }
}

async function listen() {
  for (let wait = 1; ; wait = Math.min(30, wait * 2)) {
    try {
      const answer = await call('page/events');
      if (answer.status === 401) return askForKey(key !== '');
      if (answer.ok) {
        [wait, desk.hidden, state.textContent] = [1, false, 'live'];
        await events(answer.body);
      }
    } catch {
      // The server is away, and is asked again.
    }
    state.textContent = 'not connected; trying again';
    await new Promise(done => setTimeout(done, wait * 1000));
  }
}

document.addEventListener('click', async event => {
  const data = event.target.closest('button')?.dataset ?? {};
  if (data.open) {
    if (data.open !== open) chosen = { first: '', second: '' };
    open = data.open;
    await show(true);
  } else if ('close' in data) {
    open = '';
    await show(false);
  } else if (data.drop && confirm('Drop this session? Its next request is read whole.')) {
    await call(`v1/sessions/${encodeURIComponent(data.drop)}`, { method: 'DELETE' });
    open = '';
    await show(false);
  }
});

document.addEventListener('change', async event => {
  const which = event.target.dataset.compare;
  if (!which) return;
  chosen[which] = event.target.value;
  if ((chosen.first && chosen.second) || at('compared')) await show(false);
});

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && open) view.querySelector('[data-close]')?.click();
  const buttons = [...list.querySelectorAll('[data-open]')], index = buttons.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (index >= 0 && step) {
    event.preventDefault();
    buttons[index + step]?.focus();
  }
});

if ('key' in document.body.dataset) askForKey(false);
else listen();
