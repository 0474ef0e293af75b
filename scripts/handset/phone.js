/**
 * The phone in the browser: asks the handset once a second what has arrived, and draws it.
 */
/* global document, fetch, matchMedia, setInterval, setTimeout */
import { createCall, nameOf } from './call.js';
import { callCard, entryCard, mailCard, paper, personCard, textCard, timeOf } from './cards.js';
import { byId } from './element.js';
import { createTake, openApp } from './take.js';

const BANNER_MS = 8000;
const tabs = ['texts', 'calls', 'entries', 'mails'];
const known = { texts: new Set(), calls: new Set(), mails: new Set() };
const unread = { texts: 0, calls: 0, mails: 0 };
const drawn = {};
let people = [];
let current = 'texts';
let isFirst = true;

const take = createTake({ people: () => people, added, announce });
const call = createCall({ announce, withdraw, back: () => byId(`tab-${current}`).focus() });
const drawEntry = entryCard((id) =>
  fetch(`/authenticator/${id}`, { method: 'DELETE' }).then(refresh),
);
const drawPerson = personCard({ open: (person) => openApp(person), pair: take.show });

/** A list is drawn anew only when it changed, so that focus and selection stay. */
function draw(id, items, card) {
  const key = JSON.stringify(items, (name, value) => (name === 'secondsLeft' ? undefined : value));
  if (drawn[id] === key) return;
  drawn[id] = key;
  byId(id).replaceChildren(...items.map(card));
}

const cardOf = (id) => byId('entries').querySelector(`[data-id="${id}"]`);

function showSecondsLeft(entries) {
  for (const { id, secondsLeft } of entries) {
    cardOf(id).querySelector('progress').value = secondsLeft;
    cardOf(id)
      .querySelector('.code')
      .classList.toggle('late', secondsLeft <= 5);
  }
}

/** A number on the tab for what arrived while another app was open; the newest is returned. */
function arrived(kind, items, keyOf) {
  const fresh = items.filter((item) => !known[kind].has(keyOf(item)));
  for (const item of fresh) known[kind].add(keyOf(item));
  if (isFirst || fresh.length === 0) return undefined;
  // A code is waited for; whoever is in the middle of something is left there all the same.
  const isBusy = byId(`panel-${current}`).contains(document.activeElement);
  if (fresh[0].code && !isBusy) select(kind);
  unread[kind] = current === kind ? 0 : unread[kind] + fresh.length;
  drawUnread(kind);
  if (current === kind) scrollTo(byId(kind).firstElementChild);
  return fresh[0];
}

function drawUnread(kind) {
  byId(`tab-${kind}`).querySelector('.badge').textContent = unread[kind] || '';
}

function scrollTo(card) {
  const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  card.scrollIntoView({ block: 'nearest', behavior: isCalm ? 'auto' : 'smooth' });
}

function announce(news) {
  byId('banner').textContent = news;
  document.title = `● ${news} · Handset`;
  setTimeout(() => withdraw(news), BANNER_MS);
}

/** What is news no more; other news stays. */
function withdraw(news) {
  if (byId('banner').textContent !== news) return;
  byId('banner').textContent = '';
  document.title = 'Handset';
}

async function refresh() {
  const { texts, calls, mails, entries, phones, papers } = await (await fetch('/state')).json();
  people = phones;
  byId('clock').textContent = timeOf(new Date());
  draw('texts', texts, textCard);
  draw('calls', calls, callCard);
  draw('mails', mails, mailCard);
  draw('entries', entries, drawEntry);
  draw('phones', phones, drawPerson);
  draw('papers', papers, paper);
  showSecondsLeft(entries);

  const mail = arrived('mails', mails, ({ id }) => id);
  const text = arrived('texts', texts, ({ messageId }) => messageId);
  const missed = arrived('calls', calls.filter(isMissed), ({ id }) => id);
  if (text) announce(wordsFor(text));
  else if (missed) announce(`A call to ${nameOf(missed)} was missed`);
  else if (mail) announce(`Mail for ${mail.to}: ${mail.subject}`);
  call.show(calls);
  isFirst = false;
}

const isMissed = ({ became, isOpen }) => !became && !isOpen;

const wordsFor = ({ code, owner, to }) =>
  code ? `${code} is the code for ${owner ?? to}` : `A message for ${owner ?? to}`;

async function added({ id, issuer, account }) {
  select('entries');
  await refresh();
  announce(`Added: ${issuer ? `${issuer}, ` : ''}${account}`);
  scrollTo(cardOf(id));
  cardOf(id).querySelector('.row:has(.code) button').focus();
}

function select(name) {
  current = name;
  for (const tab of tabs) {
    const isSelected = tab === name;
    byId(`tab-${tab}`).setAttribute('aria-selected', String(isSelected));
    byId(`tab-${tab}`).tabIndex = isSelected ? 0 : -1;
    byId(`panel-${tab}`).hidden = !isSelected;
  }
  if (!(name in unread)) return;
  unread[name] = 0;
  drawUnread(name);
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

byId('add').addEventListener('click', () => take.show());

// While the demo restarts nobody answers; the next second is soon enough.
const refreshQuietly = () => refresh().catch(() => undefined);
refreshQuietly();
setInterval(refreshQuietly, 1000);
