import { expect } from 'chai';

import { type Call, ChannelError, type Sms } from '../../../src/channels/channel.ts';
import { channelSettings, createChannels, isConfigured } from '../../../src/channels/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { type Answer, openVendor, type Vendor } from '../../support/vendor.ts';
import { sns, twilio } from '../../support/vendors.ts';

const text: Sms = { to: '+14255550134', text: '123456', purpose: 'sign-in', messageId: 'm1' };
const call: Call = { ...text, locale: 'en' };
const from = '+14255550100';
const callbackSecret = `whsec_${'k'.repeat(32)}`;
const push = { hosts: ['localhost'] };
const nothing = { sms: {}, voice: {}, mail: {}, push };
const problems = (settings: object) =>
  (channelSettings.safeParse({ ...nothing, ...settings }).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );

/** What a driver's vendor says when all is well, and when it is not. */
const vendors: Readonly<Record<string, Record<'taken' | 'away' | 'unpaid' | 'stopped', Answer>>> = {
  http: { taken: [202, ''], away: [503, ''], unpaid: [401, ''], stopped: [410, ''] },
  twilio: {
    taken: twilio.taken,
    away: twilio.refusal(503, 20503),
    unpaid: twilio.refusal(403, 20005),
    stopped: twilio.refusal(400, 21610),
  },
  sns: {
    taken: sns.taken,
    away: sns.refusal(500, 'InternalError'),
    unpaid: sns.refusal(403, 'AuthorizationError'),
    stopped: sns.refusal(400, 'OptedOut'),
  },
};

describe('carriers', () => {
  const opened: Record<string, Vendor> = {};
  before(async () => {
    for (const driver of ['http', 'other', 'twilio', 'sns']) {
      opened[driver] = await openVendor(vendors[driver]?.taken ?? [202, '']);
    }
  });
  beforeEach(() => {
    for (const vendor of Object.values(opened)) vendor.answers();
  });
  after(async () => {
    for (const vendor of Object.values(opened)) await vendor.close();
  });

  const url = (name: string): string => opened[name]?.url ?? '';
  const asked = (name: string): number => opened[name]?.asked.length ?? 0;

  function open(first: string, second: string) {
    const logged: unknown[] = [];
    const carriers = {
      ...{ driver: first, url: url('http'), callbackSecret },
      fallback: { driver: second, url: url(first === 'http' ? 'other' : 'http'), callbackSecret },
    };
    const { callbackSecret: _, ...sms } = carriers;
    const { callbackSecret: __, ...smsFallback } = carriers.fallback;
    const settings = channelSettings.parse({
      ...{ mail: {}, push },
      sms: { ...sms, fallback: smsFallback },
      voice: [first, second].includes('sns') ? {} : carriers,
      twilio: { ...twilio.account, from, url: url('twilio') },
      sns: { ...sns.credentials, region: 'eu-central-1', endpoint: url('sns') },
    });
    const log = { error: (fields: object, event: string) => void logged.push([event, fields]) };
    const ports = { clock: systemClock, issuer: 'https://id.example.org', log };
    return { logged, ...createChannels(settings, ports) };
  }

  const drivers = ['http', 'twilio', 'sns'];
  const pairs = drivers.flatMap((first) =>
    drivers
      .filter((second) => first !== second || first === 'http')
      .map((second) => [first, second] as const),
  );
  for (const [first, second] of pairs) {
    const standIn = first === second ? 'other' : second;

    for (const trouble of ['away', 'unpaid'] as const) {
      it(`give a text to ${standIn} when ${first} is ${trouble}`, async () => {
        const { sms, logged } = open(first, second);
        opened[first]?.answers(vendors[first]?.[trouble]);
        await sms?.send(text);
        expect([asked(first), asked(standIn)]).to.deep.equal([1, 1]);
        expect(logged).to.have.lengthOf(trouble === 'unpaid' ? 1 : 0);
      });
    }

    it(`give nobody else the text that ${first} was told to stop (before ${standIn})`, async () => {
      const { sms, logged } = open(first, second);
      opened[first]?.answers(vendors[first]?.stopped);
      const thrown: unknown = await sms?.send(text).catch((error: unknown) => error);
      expect(thrown).to.be.instanceOf(ChannelError).and.include({ isOptedOut: true });
      expect([asked(first), asked(standIn), ...logged]).to.deep.equal([1, 0]);
    });

    if ([first, second].includes('sns')) continue;
    it(`place a call by ${standIn} when ${first} is away`, async () => {
      const { voice } = open(first, second);
      opened[first]?.answers(vendors[first]?.away);
      await voice?.send(call);
      expect([asked(first), asked(standIn)]).to.deep.equal([1, 1]);
      expect(voice?.hearsKeys).to.equal(true);
    });
  }

  it('name the account that is refused, and neither number nor text', async () => {
    const { sms, logged } = open('twilio', 'http');
    opened.twilio?.answers(vendors.twilio?.unpaid);
    await sms?.send(text);
    const fields = { channel: 'sms', driver: 'twilio', code: '20005' };
    expect(logged).to.deep.equal([['channel.account-refused', fields]]);
  });

  it('are configured by their driver, or by an address', () => {
    const read = (settings: object) => channelSettings.parse({ ...nothing, ...settings });
    const account = { twilio: { ...twilio.account, from } };
    expect(isConfigured(read({}), 'sms')).to.equal(false);
    expect(isConfigured(read({ sms: { url: url('http') } }), 'sms')).to.equal(true);
    expect(isConfigured(read({ ...account, sms: { driver: 'twilio' } }), 'sms')).to.equal(true);
    expect(isConfigured(read({ ...account, voice: { driver: 'twilio' } }), 'voice')).to.equal(true);
    expect(isConfigured(read(account), 'voice')).to.equal(false);
  });

  const account = { ...twilio.account, from };
  const [byTwilio, bySns] = [{ driver: 'twilio' }, { driver: 'sns' }];
  const refused: readonly (readonly [name: string, settings: object, problem: string])[] = [
    [
      'Twilio without an account',
      { sms: byTwilio },
      'sms.driver is twilio, which needs channels.twilio.accountSid and channels.twilio.authToken ' +
        'and channels.twilio.from (or messagingServiceSid)',
    ],
    [
      'Twilio without a token',
      { twilio: { accountSid: account.accountSid, from }, sms: { fallback: byTwilio } },
      'sms.fallback.driver is twilio, which needs channels.twilio.authToken',
    ],
    [
      'calls from a name',
      { twilio: { ...account, from: 'Doorstep' }, voice: byTwilio },
      'voice.driver is twilio, which needs channels.twilio.from (a number, with + first)',
    ],
    ['SNS nowhere', { sms: bySns }, 'sms.driver is sns, which needs channels.sns.region'],
    [
      'half a key',
      { sns: { region: 'eu-central-1', accessKeyId: 'A' }, sms: bySns },
      'sms.driver is sns, which needs channels.sns.secretAccessKey',
    ],
    [
      'the same account twice',
      { twilio: account, sms: { ...byTwilio, fallback: byTwilio } },
      'sms.fallback.driver must not be twilio, too: both would be the same account',
    ],
  ];
  for (const [name, settings, problem] of refused) {
    it(`are refused with ${name}, in words`, () => {
      expect(problems(settings)).to.deep.equal([problem]);
    });
  }

  for (const [name, settings] of Object.entries({
    'an account that is none': { twilio: { accountSid: 'SK1' } },
    'a sender that is none': { twilio: { from: 'A name that is too long' } },
    'a token in the clear': { twilio: { url: 'http://api.example.org' } },
    'a region that is none': { sns: { region: 'Frankfurt' } },
    'calls by SNS': { voice: bySns },
  })) {
    it(`are refused with ${name}`, () => {
      expect(problems(settings)).to.have.lengthOf(1);
    });
  }
});
