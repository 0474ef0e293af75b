// The requests on the page: each a card, which becomes what came of it.
import { createAnswer } from './answer.js';
import { outcome, withdraw } from './outcomes.js';
import { announce, choose, fill, isBusy, on, part, show, take } from './page.js';
import { bareCode } from './typed.js';

// As people read the time where they are, if that is in the page's language.
const { lang } = document.documentElement;
const locale =
  navigator.languages.find((each) => isTag(each) && each.split('-', 1)[0] === lang) ?? lang;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });

/** `accountOf` finds the account of a device; `came` is told of each outcome. */
export function createRequests({ accountOf, came }) {
  const cards = new Map();
  const over = new Set();
  const list = part('requests');

  /** What is asked now, all of it. */
  function hear(requests) {
    const asked = new Set(requests.map(({ challenge }) => challenge));
    for (const [challenge, card] of cards) if (!asked.has(challenge)) card.isGone();
    for (const request of requests) {
      // Until the server knows it too, what is over here is still in its list.
      if (!cards.has(request.challenge) && !over.has(request.challenge)) add(request);
    }
  }

  function add(request) {
    const card = createCard(request, { accountOf, end });
    cards.set(request.challenge, card);
    withdraw();
    list.prepend(card.element);
    const heading = card.element.querySelector('h2');
    announce(heading);
    if (!isBusy()) heading.focus();

    function end(what) {
      cards.delete(request.challenge);
      over.add(request.challenge);
      const hadFocus = card.element.contains(document.activeElement);
      const name = what === 'approved' && request.purpose === 'enrol' ? 'enrolled' : what;
      const about = [request.client, request.account].filter(Boolean).join(' · ');
      outcome(name, { about, instead: card.element, hadFocus });
      came(what, request);
      if (what === 'denied') endOthers(request.device);
    }
  }

  /** A no ends whatever else waits for this phone. */
  function endOthers(device) {
    for (const card of [...cards.values()]) if (card.device === device) card.end('denied');
  }

  setInterval(() => {
    for (const card of cards.values()) card.tick();
  }, 1000);

  return { hear, count: () => cards.size };
}

function createCard(request, { accountOf, end }) {
  const endsAt = Date.now() + request.secondsLeft * 1000;
  const element = take('request');
  const asking = part('asking', element);
  const refusing = part('refusing', element);
  const field = asking.querySelector('input');
  let sending;
  let isSending = false;

  choose(element, 'purpose', request.purpose);
  choose(element, 'network', request.isKnownNetwork ? 'known' : 'new');
  const { text, client, account, address, browser } = request;
  fill(element, { text, client, account, address, browser });
  fill(element, { time: clock.format(new Date(request.askedAt)), left: ' ' });
  tick();

  const number = () => bareCode(field.value).replaceAll(/\D/g, '');
  const isComplete = () => number().length === request.digits;
  field.addEventListener('input', () => isComplete() && tellMissing(false));
  asking.addEventListener('submit', (event) => {
    event.preventDefault();
    tellMissing(!isComplete());
    if (isComplete()) answer({ decision: 'approve', number: number() });
    else field.focus();
  });
  on(element, 'refuse', () => ask(true));
  on(element, 'back', () => ask(false));
  on(element, 'deny', () => answer({ decision: 'deny', number: '' }));

  function ask(isSure) {
    show(asking, !isSure);
    show(refusing, isSure);
    (isSure ? refusing.querySelector('h3') : field).focus();
  }

  async function answer(said) {
    if (isSending) return;
    isSending = true;
    element.setAttribute('aria-busy', 'true');
    tellAway(false);
    try {
      const key = `${said.decision} ${said.number}`;
      // The same answer again is the same body again.
      if (sending?.key !== key) {
        const known = await accountOf(request.device);
        if (!known) return end('device-gone');
        sending = { key, said, send: await createAnswer(known, request, said) };
      }
      end(await sending.send());
    } catch {
      tellAway(true);
    } finally {
      isSending = false;
      element.removeAttribute('aria-busy');
    }
  }

  /** The button is never dead: it says what is missing. */
  function tellMissing(isMissing) {
    show(part('missing', element), isMissing);
    field.setAttribute('aria-invalid', String(isMissing));
  }

  function tellAway(isAway) {
    show(part('away', element), isAway);
    show(part('refusal-away', element), isAway);
  }

  /** Over there it is no longer open: perhaps by an answer of ours whose echo got lost. */
  function isGone() {
    if (isSending) return;
    if (sending) answer(sending.said);
    else end('request-over');
  }

  function tick() {
    const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
    const minutes = Math.floor(left / 60);
    fill(element, { left: `${minutes}:${String(left % 60).padStart(2, '0')}` });
    if (left === 0 && !isSending) end('request-over');
  }

  return { element, device: request.device, end, isGone, tick };
}

/** Some systems' settings come through as they are, such as `en-US@posix`, and break what asks. */
function isTag(language) {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}
