// Notifications while the page is closed: the browser's own push service, told to the server
// for each account. Asked for only when somebody presses the button.
import { post } from './api.js';
import { canBePushed, isInstallFirst } from './device.js';
import { fromBase64url, toBase64url } from './encode.js';
import { choose, on, part, show } from './page.js';
import { changeAccount } from './store.js';
import { greetingOf, withTicket } from './tickets.js';

const NOTHING = { endpoint: '', p256dh: '', auth: '' };

/** `accounts` reads those that are paired. */
export function createNotifications({ accounts }) {
  const section = part('notifications');
  on(section, 'push-on', () => act(turnOn));
  on(section, 'push-off', () => act(turnOff));

  async function draw() {
    const confirmed = (await accounts()).filter(({ isConfirmed }) => isConfirmed);
    const state = stateOf(confirmed);
    show(section, state !== undefined);
    if (state) choose(section, 'push', state);
  }

  /** At each visit: an address that has changed meanwhile is told again. */
  async function renew() {
    if (!canBePushed() || Notification.permission !== 'granted') return;
    for (const account of await accounts()) {
      const said = greetingOf(account.device);
      if (!account.endpoint || !said?.vapidKey || said.notifications === 'lost') continue;
      const subscription = await subscribe(said.vapidKey);
      const isTold = said.notifications === 'on' && subscription.endpoint === account.endpoint;
      if (!isTold) await tell(account, subscription);
    }
  }

  async function turnOn() {
    if ((await Notification.requestPermission()) !== 'granted') return;
    const confirmed = (await accounts()).filter(({ device }) => greetingOf(device)?.vapidKey);
    // What had stopped must not be told again: its push service may have given it up.
    if (stateOf(confirmed) === 'lost') await (await subscriptionNow())?.unsubscribe();
    for (const account of confirmed) {
      await tell(account, await subscribe(greetingOf(account.device).vapidKey));
    }
  }

  async function turnOff() {
    for (const account of await accounts()) await tell(account, undefined);
    await (await subscriptionNow())?.unsubscribe();
  }

  async function act(does) {
    show(part('push-failed'), false);
    const buttons = [...section.querySelectorAll('button')];
    const hadFocus = buttons.includes(document.activeElement);
    await does().catch(() => show(part('push-failed'), true));
    await draw();
    if (hadFocus) buttons.find((button) => !button.hidden)?.focus();
  }

  return { draw, renew };
}

function stateOf(accounts) {
  const said = accounts.map(({ device }) => greetingOf(device)).filter((each) => each?.vapidKey);
  if (said.length === 0) return undefined;
  if (!canBePushed()) return isInstallFirst() ? 'install' : undefined;
  if (Notification.permission === 'denied') return 'blocked';
  if (said.some(({ notifications }) => notifications === 'lost')) return 'lost';
  return said.every(({ notifications }) => notifications === 'on') ? 'on' : 'off';
}

async function subscriptionNow() {
  const { pushManager } = await navigator.serviceWorker.ready;
  return pushManager.getSubscription();
}

async function subscribe(vapidKey) {
  const { pushManager } = await navigator.serviceWorker.ready;
  const applicationServerKey = fromBase64url(vapidKey);
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function tell(account, subscription) {
  const fields = subscription ? fieldsOf(subscription) : NOTHING;
  await withTicket(account, (ticket) => post('subscribe', { ticket, ...fields }));
  await changeAccount(account.device, () => ({ endpoint: fields.endpoint }));
  const said = greetingOf(account.device);
  if (said) said.notifications = subscription ? 'on' : 'off';
}

const fieldsOf = (subscription) => ({
  endpoint: subscription.endpoint,
  p256dh: toBase64url(subscription.getKey('p256dh')),
  auth: toBase64url(subscription.getKey('auth')),
});

/** For the worker, which has no page to take words from. */
export async function leaveWords() {
  const { wordsTitle: title, wordsText: text } = part('notifications').dataset;
  const { lang } = document.documentElement;
  const cache = await caches.open('approver words');
  await cache.put('/approver/words', new Response(JSON.stringify({ title, text, lang })));
}
