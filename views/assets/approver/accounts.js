// The paired accounts on the page, each with its rolling code: made here, with or without a
// connection.
import { announce, choose, fill, on, part, show, take } from './page.js';
import { codeOf, secondsLeftAt, STEP_SECONDS, stepAt } from './rolling-code.js';

const URGENT_SECONDS = 5;
const COPIED_MS = 3000;

/** `unpair` is asked only after the person was. */
export function createAccounts({ unpair }) {
  const list = part('account-list');
  let cards = new Map();
  let timer;

  function draw(accounts) {
    cards = new Map(accounts.map((each) => [each.device, cards.get(each.device) ?? card(each)]));
    for (const account of accounts) cards.get(account.device).update(account);
    const elements = [...cards.values()].map(({ element }) => element);
    const isSame =
      elements.length === list.children.length &&
      elements.every((each, at) => each === list.children[at]);
    // Whoever is at one of them would lose the place.
    if (!isSame) list.replaceChildren(...elements);
    show(part('accounts'), accounts.length > 0);
    tick();
  }

  async function tick() {
    const now = Date.now();
    clearTimeout(timer);
    timer = setTimeout(tick, 1000 - (now % 1000));
    await Promise.all([...cards.values()].map((each) => each.tick(now)));
  }

  function card({ device }) {
    const element = take('account');
    const sure = part('unpairing', element);
    const opener = element.querySelector('[data-act="unpair"]');
    let account;
    let shownStep;
    let shownCode;

    on(element, 'unpair', () => ask(true));
    on(element, 'back', () => ask(false));
    on(element, 'copy', copy);
    on(element, 'unpair-yes', () => unpair(device));

    function ask(isSure) {
      show(sure, isSure);
      show(opener, !isSure);
      (isSure ? sure.querySelector('h4') : opener).focus();
    }

    async function copy({ target }) {
      await navigator.clipboard.writeText(shownCode);
      const { textContent } = target;
      if (textContent === target.dataset.copied) return;
      target.textContent = target.dataset.copied;
      announce(target);
      setTimeout(() => (target.textContent = textContent), COPIED_MS);
    }

    return {
      element,
      update(changed) {
        account = changed;
        fill(element, { account: account.account, organisation: account.organisation });
        choose(element, 'state', account.isConfirmed ? 'ready' : 'waiting');
      },
      async tick(now) {
        const step = stepAt(now);
        const left = secondsLeftAt(now);
        if (step !== shownStep) {
          shownCode = await codeOf(account.codes, step);
          fill(element, { code: `${shownCode.slice(0, 3)} ${shownCode.slice(3)}` });
          shownStep = step;
        }
        fill(element, { left: String(left) });
        element.querySelector('.ring-left').setAttribute('stroke-dashoffset', STEP_SECONDS - left);
        element.classList.toggle('urgent', left <= URGENT_SECONDS);
      },
    };
  }

  document.addEventListener('visibilitychange', tick);
  return { draw };
}
