import { expect } from 'chai';

import { channelSettings, createChannels, type PushRoad } from '../../../src/channels/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { noMeter } from '../../../src/lib/meter.ts';
import { vapidPublicKey } from '../../../src/lib/vapid.ts';
import { signedHeaders } from '../../support/webhook.ts';
import { openPushService, type PushService, type Subscriber } from '../../support/push-service.ts';

const push = { hosts: ['*.example.org', 'localhost'] };
const read = (settings: object) =>
  channelSettings.safeParse({ sms: {}, voice: {}, mail: {}, push, ...settings });
const callbackSecret = `whsec_${'k'.repeat(32)}`;
const other = `whsec_${'o'.repeat(32)}`;
const issuer = 'https://id.example.org';
const vapidKey = 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'; // RFC 8291, Appendix A
const open = (settings: object, more = {}) =>
  createChannels(channelSettings.parse({ sms: {}, voice: {}, mail: {}, push, ...settings }), {
    clock: systemClock,
    issuer,
    ...more,
  });

describe('channels', () => {
  it('are absent without an address, and there with one', () => {
    expect(Object.values(open({}))).to.deep.equal([undefined, undefined, undefined, undefined]);

    const all = open(
      {
        sms: { url: 'http://127.0.0.1:4000/sms' },
        voice: { url: 'http://127.0.0.1:4000/calls', callbackSecret },
        mail: { url: 'smtp://127.0.0.1:4025', from: 'no-reply@example.org' },
      },
      { vapidKey },
    );
    expect(all.sms).to.have.keys('send', 'check', 'isOpen');
    expect(all.voice).to.have.keys('send', 'check', 'isOpen', 'hearsKeys', 'readCallback');
    expect(all.mail).to.have.keys('send', 'check', 'isOpen');
    expect(all.push).to.have.keys('send', 'check', 'isOpen', 'publicKey', 'accepts');
  });

  it('hear keys only where both providers do, and take what either of them tells', async () => {
    const voice = (hearsKeys: boolean) => ({
      ...{ url: 'http://127.0.0.1:4000/calls', callbackSecret },
      fallback: { url: 'http://127.0.0.1:4001/calls', callbackSecret: other, hearsKeys },
    });
    const address = 'https://id.example.org/callbacks/1';
    const body = JSON.stringify({ answerAt: address, keys: '42' });
    const road = open({ voice: voice(true) }).voice;
    expect(road?.hearsKeys).to.equal(true);
    expect(open({ voice: voice(false) }).voice?.hearsKeys).to.equal(false);
    for (const secret of [callbackSecret, other]) {
      const headers = signedHeaders(body, { secret, at: systemClock.now() });
      const event = await road?.readCallback({ address, headers, body });
      expect(event?.heard).to.deep.equal({ keys: '42' });
    }
    expect(await road?.readCallback({ address, headers: {}, body })).to.equal(undefined);
  });

  it('tell a browser that subscribes by which key and from where (S-099)', () => {
    const road = open({}, { vapidKey }).push;
    expect(road?.publicKey).to.equal(
      'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    );
    expect(road?.accepts('https://push.example.org/1')).to.equal(true);
    expect(road?.accepts('https://push.example.net/1')).to.equal(false);
  });

  const refused: Readonly<Record<string, object>> = {
    'a driver that is not there': { sms: { driver: 'pigeon' } },
    'the driver of tests': { sms: { driver: 'memory' } },
    'a setting that is not there': { sms: { uri: 'http://127.0.0.1' } },
    'an address that is no address': { sms: { url: 'carrier' } },
    'an address of a file': { sms: { url: 'file:///etc/passwd' } },
    'calls that anybody could answer': { voice: { url: 'http://127.0.0.1/calls' } },
    'a fallback that anybody could answer': {
      voice: { fallback: { url: 'http://127.0.0.1/calls' } },
    },
    'a secret of too few bytes': { voice: { callbackSecret: 'whsec_c2hvcnQ=' } },
    'a secret that is none': { voice: { callbackSecret: 'k'.repeat(32) } },
    'mail over http': { mail: { url: 'http://127.0.0.1', from: 'a@example.org' } },
    'mail from nobody': { mail: { url: 'smtp://127.0.0.1' } },
    'a sender of two lines': { mail: { from: 'a\r\nBcc: b@example.org' } },
    'a wait above the ceiling': { sms: { timeoutSeconds: 11 } },
    'no wait at all': { mail: { timeoutSeconds: 0 } },
    'pushes to nobody': { push: { hosts: [] } },
    'pushes to anybody': { push: { hosts: ['*'] } },
    'pushes to an address': { push: { hosts: ['https://push.example.org'] } },
    'a contact that nobody can reach': { push: { ...push, contact: 'ada' } },
    'a contact over http': { push: { ...push, contact: 'http://example.org' } },
    'a contact that Apple refuses': { push: { ...push, contact: 'https://localhost:3000' } },
    'a push above the ceiling': { push: { ...push, timeoutSeconds: 10.1 } },
  };
  for (const [name, settings] of Object.entries(refused)) {
    it(`refuse ${name}`, () => {
      expect(read(settings).success).to.equal(false);
    });
  }
});

describe('the road of pushes', () => {
  let service: PushService;
  let phone: Subscriber;
  before(async () => {
    service = await openPushService();
  });
  beforeEach(() => {
    service.answers();
    phone = service.subscribe(vapidPublicKey(vapidKey));
  });
  after(() => service.close());

  const openRoad = (settings: object = {}, more: object = {}) =>
    open({ push: { hosts: [service.host] }, ...settings }, { vapidKey, ...more }).push;
  const send = (road: PushRoad | undefined): Promise<unknown> | undefined =>
    road
      ?.send({ subscription: phone.subscription, payload: '{}', ttlSeconds: 60, messageId: 'm1' })
      .catch((error: unknown) => error);

  const from = 'Doorstep <no-reply@example.org>';
  const here = { issuer: 'http://localhost:3000' };
  const explicit = { push: { hosts: ['localhost'], contact: 'https://example.org/contact' } };
  const contacts: readonly (readonly [name: string, settings: object, more: object, is: string])[] =
    [
      ['the one that is set', explicit, {}, 'https://example.org/contact'],
      ['the issuer', {}, {}, issuer],
      ['who sends mail', { mail: { from } }, here, 'mailto:no-reply@example.org'],
      ['a plain sender', { mail: { from: 'ada@example.org' } }, here, 'mailto:ada@example.org'],
      ['nobody', {}, { issuer: 'https://localhost' }, 'mailto:nobody@doorstep.invalid'],
    ];
  for (const [name, settings, more, expected] of contacts) {
    it(`names as its contact ${name}`, async () => {
      const { push: given = {} } = settings as { push?: object };
      await send(openRoad({ ...settings, push: { ...given, hosts: [service.host] } }, more));
      expect(phone.received.map(({ contact }) => contact)).to.deep.equal([expected]);
    });
  }

  it('is closed for a while where the service is away (R-25), and counted', async () => {
    const counted: unknown[] = [];
    const count = (name: string, labels?: unknown): void => void counted.push([name, labels]);
    const road = openRoad({}, { meter: { ...noMeter, count } });
    service.answers(503);
    for (let i = 0; i < 5; i++) await send(road);
    expect(road?.isOpen()).to.equal(false);
    expect(await send(road)).to.include({ isTemporary: true });
    expect(counted).to.deep.equal(
      Array.from({ length: 5 }, () => ['sends_total', { channel: 'push', outcome: 'failed' }]),
    );
  });

  it('stays open for others when subscriptions are dead', async () => {
    const road = openRoad();
    phone.unsubscribe();
    for (let i = 0; i < 6; i++) expect(await send(road)).to.include({ isGone: true });
    expect(road?.isOpen()).to.equal(true);
  });
});
