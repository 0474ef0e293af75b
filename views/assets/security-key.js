// Asks the browser for a key, and sends what the key says. A form with `data-starts` asks by itself,
// once; one with `data-suggests` lets the browser offer passkeys where the user name is typed; one with
// `data-again` may be open for longer than its question, which is then asked anew.
import './simplewebauthn.js';

const { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } =
  globalThis.SimpleWebAuthnBrowser;
const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
const RENEWED_BEFORE_MS = 10_000;

for (const form of document.querySelectorAll('form.key')) open(form);

function open(form) {
  if (!browserSupportsWebAuthn()) {
    form.querySelector('button').hidden = true;
    if (form.dataset.suggests === undefined) {
      tell(form, form.dataset.unsupported, { isFailure: true });
    }
    return;
  }
  const asked = { until: endOf(form), isBusy: false };
  form.addEventListener('submit', (event) => {
    if (form.elements.response.value !== '') return;
    event.preventDefault();
    void ask(form, asked);
  });
  if (startsNow(form)) void ask(form, asked);
  if (form.dataset.suggests !== undefined) void suggest(form, asked);
}

/** Once for each question: not again after a reload, nor in a tab that nobody looks at. */
function startsNow({ dataset, elements }) {
  if (dataset.starts === undefined || document.visibilityState !== 'visible') return false;
  const { value } = elements.challenge;
  if (sessionStorage.getItem('asked-key') === value) return false;
  sessionStorage.setItem('asked-key', value);
  return true;
}

async function ask(form, asked) {
  if (asked.isBusy) return;
  asked.isBusy = true;
  tell(form);
  try {
    if (Date.now() > asked.until) await renew(form, asked);
    const begin = form.dataset.ceremony === 'create' ? startRegistration : startAuthentication;
    take(form, await begin({ optionsJSON: JSON.parse(form.dataset.options) }));
  } catch (error) {
    tell(form, wordsFor(error, form.dataset), { isFailure: !isGivenUp(error) });
    // The button took the place of what the browser offered.
    if (form.dataset.suggests !== undefined) void suggest(form, asked);
  } finally {
    asked.isBusy = false;
  }
}

/** The browser lists passkeys in the user-name field, for as long as the page is open. */
async function suggest(form, asked) {
  if (!(await browserSupportsWebAuthnAutofill())) return;
  const wait = asked.until - Date.now() - RENEWED_BEFORE_MS;
  clearTimeout(asked.timer);
  asked.timer = setTimeout(() => whenSeen(() => suggestAnew(form, asked)), Math.max(0, wait));
  if (wait <= 0) return;
  try {
    const optionsJSON = JSON.parse(form.dataset.options);
    take(form, await startAuthentication({ optionsJSON, useBrowserAutofill: true }));
  } catch {
    // Replaced by the next question, or by the button; or the browser offers nothing here.
  }
}

async function suggestAnew(form, asked) {
  if (asked.isBusy) return;
  try {
    await renew(form, asked);
    void suggest(form, asked);
  } catch {
    // No connection just now: the button asks anew.
  }
}

function whenSeen(act) {
  if (document.visibilityState === 'visible') return act();
  document.addEventListener('visibilitychange', () => whenSeen(act), { once: true });
}

/** A new question takes the place of one that is over: of the page that says so, the form alone. */
async function renew(form, asked) {
  const { _csrf, challenge } = form.elements;
  const body = new URLSearchParams({ _csrf: _csrf.value, challenge: challenge.value });
  const response = await fetch(form.dataset.again, { method: 'POST', body });
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.querySelector('form.key');
  // Another tab went on meanwhile: what is next is shown instead.
  if (!fresh) return location.reload();
  form.dataset.options = fresh.dataset.options;
  form.dataset.seconds = fresh.dataset.seconds;
  challenge.value = fresh.elements.challenge.value;
  asked.until = endOf(form);
}

function endOf({ dataset: { seconds } }) {
  return seconds === undefined ? Infinity : Date.now() + Number(seconds) * 1000;
}

/** A key that was just made is given a name first. */
function take(form, { rawId: _, ...said }) {
  form.elements.response.value = JSON.stringify(said);
  const named = form.querySelector('.made');
  if (!named) return form.requestSubmit();
  const { here, token } = form.dataset;
  const button = form.querySelector('button');
  named.hidden = false;
  form.querySelector('.ask').hidden = true;
  button.textContent = button.dataset.done;
  const { name } = form.elements;
  name.value ||= said.authenticatorAttachment === 'platform' ? here : token;
  name.select();
}

function wordsFor(error, { cancelled, held, broken }) {
  if (error.name === 'AbortError') return undefined;
  if (error.name === 'InvalidStateError') return held;
  return isGivenUp(error) ? cancelled : broken;
}

/** Nothing went wrong: somebody closed the browser's window, or let it wait. */
const isGivenUp = ({ name }) => name === 'NotAllowedError';

function tell(form, words, { isFailure = false } = {}) {
  const said = form.querySelector('.said');
  said.classList.toggle('failure', isFailure);
  said.setAttribute('role', isFailure ? 'alert' : 'status');
  said.textContent = words ?? '';
  said.hidden = words === undefined;
}

// A page from the browser's history would ask what is long over.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
