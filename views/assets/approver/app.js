// The approver: everything put together. What a phone shows follows from what it has paired
// and from what the server asks.
import { createAccounts } from './accounts.js';
import { isAway } from './api.js';
import { createHearing } from './hearing.js';
import { createNotifications, leaveWords } from './notifications.js';
import { outcome } from './outcomes.js';
import { choose, part, show } from './page.js';
import { createPairPage } from './pair-page.js';
import { pair } from './pairing.js';
import { createRequests } from './requests.js';
import { changeAccount, readAccounts, removeAccount } from './store.js';
import { forgetTicket, ticketOf } from './tickets.js';

let accounts = [];
let refusals = 0;

const accountsShown = createAccounts({ unpair });
const notifications = createNotifications({ accounts: readAccounts });
const requests = createRequests({ accountOf, came });
const pairPage = createPairPage({ pair: pairNew, isFirst: () => accounts.length === 0 });
const hearing = createHearing({ tickets, hear, tell, over });

async function accountOf(device) {
  return (await readAccounts()).find((account) => account.device === device);
}

async function draw() {
  accounts = await readAccounts();
  accountsShown.draw(accounts);
  pairPage.draw();
  drawIdle();
}

function drawIdle() {
  show(part('idle'), accounts.length > 0 && requests.count() === 0);
  const title = document.title.replace(/^\(\d+\) /, '');
  document.title = requests.count() > 0 ? `(${requests.count()}) ${title}` : title;
}

async function pairNew(code, name) {
  const { account } = await pair(code, name);
  await draw();
  outcome('paired', { about: account, hadFocus: true });
  hearing.start();
}

/** One ticket for each account; one that the server does not know any more is dropped. */
async function tickets() {
  const shown = [];
  for (const account of await readAccounts()) {
    try {
      shown.push(await ticketOf(account));
    } catch (error) {
      if (isAway(error) || error.code !== 'device-gone') throw error;
      await drop(account.device, account.isConfirmed ? 'device-gone' : 'unfinished');
    }
  }
  await draw();
  notifications
    .renew()
    .catch(() => undefined)
    .then(notifications.draw);
  return shown;
}

function hear(list) {
  requests.hear(list);
  drawIdle();
}

function tell(state) {
  if (state === 'listening') refusals = 0;
  show(part('offline'), state === 'away' && accounts.length > 0);
  choose(part('idle'), 'hearing', state === 'away' ? '' : state);
  part('idle').classList.toggle('away', state === 'away');
}

/** Some ticket does not count, and nobody says which: those of pairings are given up last. */
async function over() {
  refusals += 1;
  for (const { device, isConfirmed } of accounts) {
    forgetTicket(device);
    if (!isConfirmed && refusals > 1) await changeAccount(device, () => ({ pairing: undefined }));
  }
}

async function came(what, { device, purpose }) {
  drawIdle();
  if (what === 'device-gone' || what === 'unfinished') return drop(device, undefined);
  if (what === 'approved' && purpose === 'enrol') {
    await changeAccount(device, () => ({ isConfirmed: true, pairing: undefined }));
    await draw();
    // By hello the page learns whether there are notifications.
    hearing.start();
  }
}

async function unpair(device) {
  await drop(device, 'unpaired');
  hearing.start();
}

async function drop(device, why) {
  const account = await accountOf(device);
  if (!account) return;
  await removeAccount(device);
  forgetTicket(device);
  await draw();
  if (why) outcome(why, { about: account.account, hadFocus: true });
}

await draw();
pairPage.invite();
hearing.start();
if ('serviceWorker' in navigator) {
  navigator.serviceWorker.register('/approver/worker.js', { scope: '/approver' }).catch(() => {});
  leaveWords().catch(() => {});
}
