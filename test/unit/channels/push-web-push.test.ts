import type { ServerResponse } from 'node:http';

import { expect } from 'chai';

import { ChannelError, type Push } from '../../../src/channels/channel.ts';
import { createPush } from '../../../src/channels/push/web-push.ts';
import { generateVapidKey, vapidPublicKey } from '../../../src/lib/vapid.ts';
import { makeCertificate } from '../../support/certificate.ts';
import { openPushService, type PushService, type Subscriber } from '../../support/push-service.ts';

const contact = 'mailto:push@example.org';

describe('push web-push', () => {
  let service: PushService;
  let vapidKey: string;
  let phone: Subscriber;

  before(async () => {
    vapidKey = await generateVapidKey();
    service = await openPushService();
  });
  beforeEach(() => {
    service.answers();
    service.asked.length = 0;
    phone = service.subscribe(vapidPublicKey(vapidKey));
  });
  after(() => service.close());

  const open = (settings = {}) =>
    createPush({ hosts: [service.host], contact, vapidKey, timeoutSeconds: 5, ...settings });
  const message = (more: Partial<Push> = {}): Push => ({
    subscription: phone.subscription,
    payload: JSON.stringify({ title: 'Is it you, Ada? 🦆' }),
    ttlSeconds: 120,
    messageId: 'iHxC71XQFV9JEysn3WQqnQ',
    ...more,
  });
  const failure = async (settings = {}, more: Partial<Push> = {}): Promise<unknown> =>
    open(settings)
      .send(message(more))
      .catch((error: unknown) => error);
  const refusedFor = { isTemporary: false, isGone: false };

  it('reaches the browser that subscribed, and it alone can read it', async () => {
    const other = service.subscribe(vapidPublicKey(vapidKey));
    await open().send(message());
    expect(service.refusals).to.deep.equal([]);
    expect(phone.received).to.deep.equal([
      {
        payload: '{"title":"Is it you, Ada? 🦆"}',
        ttlSeconds: 120,
        urgency: 'high',
        topic: 'iHxC71XQFV9JEysn3WQqnQ',
        contact,
      },
    ]);
    expect(other.received).to.deep.equal([]);
    expect(service.asked).to.deep.equal([`POST ${new URL(phone.subscription.endpoint).pathname}`]);
  });

  it('takes the place of an earlier one of its topic', async () => {
    await open().send(message({ topic: 'sign-in', ttlSeconds: 0 }));
    expect(phone.received[0]).to.include({ topic: 'sign-in', ttlSeconds: 0 });
  });

  it('carries 3993 bytes, and no more', async () => {
    await open().send(message({ payload: 'x'.repeat(3993) }));
    expect(phone.received[0]?.payload).to.have.lengthOf(3993);
    expect(await failure({}, { payload: 'x'.repeat(3994) })).to.include(refusedFor);
  });

  it('is refused under another key than the browser subscribed for', async () => {
    expect(await failure({ vapidKey: await generateVapidKey() }))
      .to.be.instanceOf(ChannelError)
      .and.include(refusedFor);
    expect(service.refusals.pop()).to.match(/another key/);
    expect(phone.received).to.deep.equal([]);
  });

  it('says of a dead subscription that it is gone', async () => {
    phone.unsubscribe();
    expect(await failure())
      .to.be.instanceOf(ChannelError)
      .and.include({ isTemporary: false, isGone: true });
    service.answers(404);
    expect(await failure()).to.include({ isTemporary: false, isGone: true });
  });

  for (const status of [200, 201, 202, 204]) {
    it(`takes ${status} for done`, async () => {
      service.answers(status);
      await open().send(message());
    });
  }

  for (const status of [429, 500, 502, 503, 504]) {
    it(`may try again after ${status}`, async () => {
      service.answers(status);
      expect(await failure())
        .to.be.instanceOf(ChannelError)
        .and.include({ isTemporary: true, isGone: false });
    });
  }

  for (const status of [400, 401, 403, 405, 411, 413, 304]) {
    it(`gives up after ${status}, and keeps the subscription`, async () => {
      service.answers(status);
      expect(await failure())
        .to.be.instanceOf(ChannelError)
        .and.include(refusedFor);
    });
  }

  for (const status of [301, 302, 303, 307, 308]) {
    it(`does not go where ${status} leads (S-099)`, async () => {
      const leads = (response: ServerResponse): void =>
        void response.writeHead(status, { location: `https://${service.host}/inside` }).end();
      service.answers(leads);
      expect(await failure()).to.include(refusedFor);
      expect(service.asked).to.have.lengthOf(1);
    });
  }

  for (const [name, endpoint] of [
    ['without TLS', (host: string) => `http://${host}/push/1`],
    ['to a host that is not on the list', (host: string) => `https://127.0.0.1${host.slice(9)}/`],
    ['behind a user name', (host: string) => `https://fcm.googleapis.com@${host}/push/1`],
    ['to no address', () => 'push'],
  ] as const) {
    it(`sends nothing ${name} (S-099)`, async () => {
      const subscription = { ...phone.subscription, endpoint: endpoint(service.host) };
      expect(await failure({}, { subscription }))
        .to.be.instanceOf(ChannelError)
        .and.include({ ...refusedFor, message: 'not the address of a push service' });
      expect(service.asked).to.deep.equal([]);
    });
  }

  it('sends nothing to a service that is not on the list any more', async () => {
    expect(await failure({ hosts: ['push.example.org'] })).to.include(refusedFor);
    expect(service.asked).to.deep.equal([]);
  });

  for (const [name, keys] of [
    ['that is none', { p256dh: 'A'.repeat(87) }],
    ['that is too short', { p256dh: 'BA' }],
    ['without a secret', { auth: '' }],
    ['with a secret that is too short', { auth: 'c2hvcnQ' }],
  ] as const) {
    it(`sends nothing for a key ${name}`, async () => {
      expect(await failure({}, { subscription: { ...phone.subscription, ...keys } }))
        .to.be.instanceOf(ChannelError)
        .and.include(refusedFor);
      expect(service.asked).to.deep.equal([]);
    });
  }

  it('gives up waiting for a service that says nothing, in time', async () => {
    service.answers(() => undefined);
    const begun = performance.now();
    expect(await failure({ timeoutSeconds: 0.1 })).to.include({ isTemporary: true });
    expect(performance.now() - begun).to.be.lessThan(2000);
  });

  it('gives up waiting for headers that come byte by byte', async () => {
    service.answers(({ socket }) => {
      socket?.write('HTTP/1.1 201 Created\r\nX-Slow: ');
      const drip = setInterval(() => socket?.write('x'), 10);
      socket?.on('close', () => clearInterval(drip));
    });
    expect(await failure({ timeoutSeconds: 0.2 })).to.include({ isTemporary: true });
  });

  it('waits for no end of an endless answer', async () => {
    service.answers((response) => void response.writeHead(201).write('x'.repeat(100_000)));
    await open().send(message());
    service.answers((response) => void response.writeHead(500).write('x'.repeat(100_000)));
    expect(await failure()).to.include({ isTemporary: true });
  });

  it('may try again when the connection is cut', async () => {
    service.answers((response) => void response.socket?.destroy());
    expect(await failure())
      .to.be.instanceOf(ChannelError)
      .and.include({ isTemporary: true });
  });

  it('talks to nobody whose certificate nobody vouches for', async () => {
    const impostor = await openPushService(makeCertificate());
    const { subscription } = impostor.subscribe(vapidPublicKey(vapidKey));
    const thrown = await failure({ hosts: [impostor.host] }, { subscription });
    expect(thrown).to.be.instanceOf(ChannelError).and.include({ isTemporary: true });
    expect(impostor.asked).to.deep.equal([]);
    await impostor.close();
  });

  it('says nothing of the message or the subscription in an error', async () => {
    service.answers((response) => void response.writeHead(500).end(phone.subscription.endpoint));
    expect(String(await failure())).not.to.match(/push\/|Ada/);
  });

  it('checks whether one of the services can be reached', async () => {
    service.answers(404);
    await open({ hosts: [service.host, 'localhost:9', '*.example.org'] }).check();
    expect(service.asked).to.deep.equal(['HEAD /']);
    await open({ hosts: ['*.example.org'] }).check();
    service.answers(503);
    const thrown = await open()
      .check()
      .catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(ChannelError).and.include({ isTemporary: true });
  });
});
