/**
 * The phone in the browser: asks the handset once a second what has arrived, and draws it.
 * Everything shown was written by others, so it only ever goes into text nodes.
 */
/* global document, fetch, navigator, open, setInterval, setTimeout */

const tabs = ['texts', 'entries', 'mails'];
const byId = (id) => document.getElementById(id);
const known = { texts: new Set(), mails: new Set() };
const unread = { texts: 0, mails: 0 };
const drawn = {};
let current = 'texts';
let isFirst = true;

/** A list is drawn anew only when it changed, so that focus and selection stay. */
function draw(id, items, card) {
  const key = JSON.stringify(items, (name, value) => (name === 'secondsLeft' ? undefined : value));
  if (drawn[id] === key) return;
  drawn[id] = key;
  byId(id).replaceChildren(...items.map(card));
}

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function button(label, name, act, className) {
  const made = element('button', className, label);
  made.type = 'button';
  made.setAttribute('aria-label', name);
  made.addEventListener('click', () => act(made));
  return made;
}

function copyButton(code, whose) {
  return button('Copy', `Copy the code ${whose}`, async (pressed) => {
    await navigator.clipboard.writeText(code);
    pressed.textContent = 'Copied';
    setTimeout(() => (pressed.textContent = 'Copy'), 1500);
  });
}

const timeOf = (instant) =>
  new Date(instant).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

const spaced = (code) =>
  code.length % 2 === 0 ? `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}` : code;

function codeRow(code, whose) {
  return element('div', 'row', element('span', 'code', spaced(code)), copyButton(code, whose));
}

function textCard({ to, owner, text, code, receivedAt }) {
  const whose = owner ? `${owner}, ${to}` : to;
  return element(
    'li',
    'card',
    element('div', 'meta', element('span', '', `To ${whose}`), timeOf(receivedAt)),
    element('p', '', text),
    ...(code ? [codeRow(code, `sent to ${whose}`)] : []),
  );
}

function mailCard({ to, from, subject, text, code, receivedAt }) {
  return element(
    'li',
    'card',
    element('div', 'meta', element('span', '', `${from} → ${to}`), timeOf(receivedAt)),
    element('strong', '', subject),
    element('p', '', text),
    ...(code ? [codeRow(code, `mailed to ${to}`)] : []),
  );
}

function entryCard({ id, issuer, account, code, isDemo }) {
  const left = element('progress');
  left.max = 30;
  left.setAttribute('aria-label', 'Seconds left');
  const remove = () => fetch(`/authenticator/${id}`, { method: 'DELETE' }).then(refresh);
  const made = element(
    'li',
    'card',
    element(
      'div',
      'meta',
      element('span', '', issuer ? `${issuer}: ${account}` : account),
      ...(isDemo ? [] : [button('Remove', `Remove ${account}`, remove, 'quiet')]),
    ),
    codeRow(code, `of ${account}`),
    left,
  );
  made.dataset.id = id;
  return made;
}

function phone({ owner, number, approver }) {
  const show = () => open(approver, '_blank', 'popup,noopener,width=400,height=760');
  return element(
    'li',
    'card row',
    element('span', '', owner, ...(number ? [element('small', 'meta', number)] : [])),
    button('Open the approver', `Open ${owner}’s approver`, show),
  );
}

function paper({ owner, codes }) {
  const summary = element('summary', '', `${owner}’s recovery codes`);
  return element(
    'details',
    'paper',
    summary,
    element('ol', '', ...codes.map((code) => element('li', '', code))),
  );
}

function showSecondsLeft(entries) {
  for (const { id, secondsLeft } of entries) {
    const card = byId('entries').querySelector(`[data-id="${id}"]`);
    card.querySelector('progress').value = secondsLeft;
    card.querySelector('.code').classList.toggle('late', secondsLeft <= 5);
  }
}

/** A number on the tab for what arrived while another app was open; words for the newest. */
function announce(kind, items, keyOf, words) {
  const fresh = items.filter((item) => !known[kind].has(keyOf(item)));
  for (const item of fresh) known[kind].add(keyOf(item));
  unread[kind] = current === kind || isFirst ? 0 : unread[kind] + fresh.length;
  byId(`tab-${kind}`).querySelector('.badge').textContent = unread[kind] || '';
  return fresh.length > 0 && !isFirst ? words(fresh[0]) : '';
}

async function refresh() {
  const { texts, mails, entries, phones, papers } = await (await fetch('/state')).json();
  byId('clock').textContent = timeOf(new Date());
  draw('texts', texts, textCard);
  draw('mails', mails, mailCard);
  draw('entries', entries, entryCard);
  draw('phones', phones, phone);
  draw('papers', papers, paper);
  showSecondsLeft(entries);

  const news =
    announce(
      'texts',
      texts,
      ({ messageId }) => messageId,
      ({ code, owner, to }) =>
        code ? `${code} is the code for ${owner ?? to}` : `A message for ${owner ?? to}`,
    ) ||
    announce(
      'mails',
      mails,
      ({ id }) => id,
      ({ subject, to }) => `Mail for ${to}: ${subject}`,
    );
  if (news) {
    byId('banner').textContent = news;
    document.title = `● ${news}`;
    setTimeout(() => {
      byId('banner').textContent = '';
      document.title = 'Handset';
    }, 8000);
  }
  isFirst = false;
}

function select(name) {
  current = name;
  for (const tab of tabs) {
    const isSelected = tab === name;
    byId(`tab-${tab}`).setAttribute('aria-selected', String(isSelected));
    byId(`tab-${tab}`).tabIndex = isSelected ? 0 : -1;
    byId(`panel-${tab}`).hidden = !isSelected;
  }
}

tabs.forEach((tab, index) => {
  byId(`tab-${tab}`).addEventListener('click', () => select(tab));
  byId(`tab-${tab}`).addEventListener('keydown', ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    select(next);
    byId(`tab-${next}`).focus();
  });
});

byId('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const field = byId('pasted');
  const answer = await fetch('/authenticator', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ pasted: field.value }),
  });
  byId('add-refused').textContent = answer.ok
    ? ''
    : 'This is neither a secret key nor an otpauth:// address of six digits every 30 seconds.';
  if (!answer.ok) return;
  field.value = '';
  await refresh();
});

// While the demo restarts nobody answers; the next second is soon enough.
const refreshQuietly = () => refresh().catch(() => undefined);
refreshQuietly();
setInterval(refreshQuietly, 1000);
