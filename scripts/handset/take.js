/**
 * Takes what an open page shows onto a phone: an account for the authenticator, or a code that
 * pairs somebody's approval app. However it was given, the server says which of both it is.
 */
/* global document, fetch, open */
import { button, byId } from './element.js';
import { canLook, clipboard, given, look, readPicture } from './sight.js';

const WINDOW = 'popup,width=400,height=760';
const said = {
  nothing: 'No QR code was seen there. Is it in view, and is it the right tab or window?',
  empty: 'There is nothing of use on the clipboard. Copy the code or its picture first.',
  refused: 'Nothing was taken: the browser was not allowed to. Another way may do.',
  foreign: 'This is neither a code of Doorstep’s nor a key for an authenticator app.',
  blocked: 'The browser wants one more click for another window.',
  whose: 'This pairs an approval app. Whose phone is it?',
};

/** `people` knows everybody; `added` hears of a new account, `announce` of what else came of it. */
export function createTake({ people, added, announce }) {
  const dialog = byId('take');
  let person;

  function show(forPerson) {
    person = forPerson;
    byId('take-title').textContent = person ? `Pair ${person.owner}’s phone` : 'Add an account';
    byId('take-scan').hidden = byId('scan-hint').hidden = !canLook();
    tell('');
    if (!dialog.open) dialog.showModal();
  }

  function tell(words, ...next) {
    byId('take-said').textContent = words;
    byId('take-next').replaceChildren(...next);
    dialog.scrollTop = 0;
  }

  async function take(see, absent) {
    tell('');
    try {
      const text = await see();
      if (text === undefined || text.trim() === '') tell(absent);
      else await use(text);
    } catch {
      tell(said.refused);
    }
  }

  async function use(pasted) {
    const answer = await fetch('/read', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ pasted, isForPairing: person !== undefined }),
    });
    if (!answer.ok) return tell(said.foreign);
    const { pairing, entry } = await answer.json();
    if (pairing) return person ? pair(person, pairing) : askWhose(pairing);
    dialog.close();
    await added(entry);
  }

  function askWhose(code) {
    const buttons = people().map((each) =>
      button(each.owner, 'has this phone', () => pair(each, code), 'second'),
    );
    tell(said.whose, ...buttons);
    buttons[0].focus();
  }

  /** After a look at another window the browser may open none without a click. */
  function pair(whose, code) {
    if (openApp(whose, code)) return paired(whose);
    const once = button(
      'Open the approval app',
      `of ${whose.owner} and pair it`,
      () => openApp(whose, code) && paired(whose),
    );
    tell(said.blocked, once);
    once.focus();
  }

  function paired({ owner }) {
    dialog.close();
    announce(`${owner}’s approval app opens in a window of its own`);
  }

  /** What is given anywhere is for whoever's card it falls on. */
  function receive(event, transfer) {
    if (event.target.matches?.('input:not([type="file"])')) return;
    event.preventDefault();
    const username = event.target.closest?.('[data-phone]')?.dataset.phone;
    const owner = people().find((each) => each.username === username);
    const seen = given(transfer);
    show(owner ?? (dialog.open ? person : undefined));
    return take(() => seen, said.nothing);
  }

  byId('take-scan').addEventListener('click', () => take(look, said.nothing));
  byId('take-paste').addEventListener('click', () => take(clipboard, said.empty));
  byId('take-typed').addEventListener('submit', (event) => {
    event.preventDefault();
    return take(async () => byId('typed').value, said.nothing);
  });
  byId('picture').addEventListener('change', ({ target }) =>
    take(() => readPicture(target.files[0]), said.nothing),
  );
  dialog.addEventListener('close', () => {
    byId('take-typed').reset();
    byId('picture').value = '';
  });
  document.addEventListener('dragover', (event) => event.preventDefault());
  document.addEventListener('drop', (event) => receive(event, event.dataTransfer));
  document.addEventListener('paste', (event) => receive(event, event.clipboardData));

  return { show };
}

/** A phone of one's own is a window of its own. */
export const openApp = ({ approvalApp }, code) =>
  open(code ? `${approvalApp}#${code}` : approvalApp, '_blank', WINDOW);
