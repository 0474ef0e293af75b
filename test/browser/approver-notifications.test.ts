import { expect } from 'chai';

import { openApproverDesk, type Phone } from '../support/approver-desk.ts';
import { checkPage } from './page-check.ts';

const VAPID_KEY = Buffer.from([4, ...Array<number>(64).fill(7)]).toString('base64url');

/** A browser whose push service is played too: none can be reached, and without a screen none is allowed. */
const PUSH_SERVICE = `(() => {
  let permission = localStorage.getItem('permission') ?? 'default';
  Object.defineProperty(Notification, 'permission', { get: () => permission });
  Notification.requestPermission = async () => {
    localStorage.setItem('permission', (permission = 'granted'));
    return permission;
  };
  let address = localStorage.getItem('push') ?? undefined;
  const subscription = () => ({
    endpoint: address,
    getKey: (name) => new TextEncoder().encode(name).buffer,
    unsubscribe: async () => { address = undefined; localStorage.removeItem('push'); return true; },
  });
  PushManager.prototype.getSubscription = async () => address && subscription();
  PushManager.prototype.subscribe = async () => {
    address ??= 'https://push.example/' + Math.random();
    localStorage.setItem('push', address);
    return subscription();
  };
})()`;

describe('Notifications of the approver', () => {
  const desk = openApproverDesk({ vapidKey: VAPID_KEY });

  async function pairedPhone(): Promise<Phone> {
    const phone = await desk.phone();
    await phone.page.addInitScript(PUSH_SERVICE);
    await phone.page.reload();
    await phone.pairs('ada');
    await phone.page.getByRole('heading', { name: 'Notifications' }).waitFor();
    return phone;
  }

  it('are asked for only by whoever presses the button, and can be turned off', async () => {
    const phone = await pairedPhone();
    expect(desk.api.formsOf('subscribe')).to.have.length(0);
    await phone.presses('Turn on notifications');
    await phone.page.getByText('You get a notification when').waitFor();
    const [told] = desk.api.formsOf('subscribe');
    expect(told?.endpoint).to.match(/^https:\/\/push\.example\//);
    expect(told).to.include({
      p256dh: Buffer.from('p256dh').toString('base64url'),
      auth: Buffer.from('auth').toString('base64url'),
    });
    await checkPage(phone.page, 'approver, notifications on');

    await phone.presses('Turn off notifications');
    await phone.page.getByRole('button', { name: 'Turn on notifications' }).waitFor();
    expect(desk.api.formsOf('subscribe').at(-1)).to.include({ endpoint: '' });
  });

  it('are turned on again when they had stopped', async () => {
    const phone = await pairedPhone();
    await phone.presses('Turn on notifications');
    await phone.page.getByText('You get a notification when').waitFor();
    const before = desk.api.formsOf('subscribe').at(-1)?.endpoint;
    desk.api.deviceOf('ada').notifications = 'lost';
    await phone.page.reload();
    await phone.page.getByText('Notifications had stopped').waitFor();
    await checkPage(phone.page, 'approver, notifications lost');
    await phone.presses('Turn on notifications');
    await phone.page.getByText('You get a notification when').waitFor();
    const told = desk.api.formsOf('subscribe');
    expect(told).to.have.length(2);
    expect(told.at(-1)?.endpoint).not.to.equal(before);
  });

  it('are told of a new address at the next visit', async () => {
    const phone = await pairedPhone();
    await phone.presses('Turn on notifications');
    await phone.page.getByText('You get a notification when').waitFor();
    await phone.page.evaluate(`localStorage.setItem('push', 'https://push.example/moved')`);
    await phone.page.reload();
    await phone.isIdle();
    await expectEventually(() => desk.api.formsOf('subscribe').at(-1)?.endpoint, /moved$/);
  });

  it('are shown by the worker, with the words of the page where none are sent', async () => {
    const phone = await pairedPhone();
    await phone.page.evaluate('navigator.serviceWorker.ready');
    const devtools = await phone.page.context().newCDPSession(phone.page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first) resolve(first.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    const registrationId = await registered;
    const push = (data: string) =>
      devtools.send('ServiceWorker.deliverPushMessage', {
        ...{ origin: desk.origin, registrationId, data },
      });
    const [worker] = phone.page.context().serviceWorkers();
    await worker?.evaluate(`registration.showNotification = async (title, { body }) => {
      self.shown = title + '|' + body;
    }`);
    const shown = () => worker?.evaluate<string>('self.shown ?? ""');

    await push(JSON.stringify({ account: 'ada', client: 'Tea Shop' }));
    await expectEventually(shown, /^Approve a sign-in\?\|Tea Shop\nada$/);
    await push('');
    await expectEventually(
      shown,
      /^Approve a sign-in\?\|Open the approval app to see what is asked\.$/,
    );
  });
});

async function expectEventually(
  read: () => Promise<string> | string | undefined,
  expected: RegExp,
): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    if (expected.test((await read()) ?? '')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await read()).to.match(expected);
}
