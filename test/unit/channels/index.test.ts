import { expect } from 'chai';

import { channelSettings, createChannels } from '../../../src/channels/index.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const read = (settings: unknown) => channelSettings.safeParse(settings);

describe('channels', () => {
  it('are absent without an address, and there with one', () => {
    const none = createChannels(channelSettings.parse({ sms: {}, mail: {} }), systemClock);
    expect(none).to.deep.equal({ sms: undefined, mail: undefined });

    const settings = channelSettings.parse({
      sms: { url: 'http://127.0.0.1:4000/sms' },
      mail: { url: 'smtp://127.0.0.1:4025', from: 'no-reply@example.org' },
    });
    const both = createChannels(settings, systemClock);
    expect(both.sms).to.have.keys('send', 'check', 'isOpen');
    expect(both.mail).to.have.keys('send', 'check', 'isOpen');
  });

  const refused: Readonly<Record<string, unknown>> = {
    'a driver that is not there': { sms: { driver: 'pigeon' }, mail: {} },
    'the driver of tests': { sms: { driver: 'memory' }, mail: {} },
    'a setting that is not there': { sms: { uri: 'http://127.0.0.1' }, mail: {} },
    'an address that is no address': { sms: { url: 'carrier' }, mail: {} },
    'an address of a file': { sms: { url: 'file:///etc/passwd' }, mail: {} },
    'mail over http': { sms: {}, mail: { url: 'http://127.0.0.1', from: 'a@example.org' } },
    'mail from nobody': { sms: {}, mail: { url: 'smtp://127.0.0.1' } },
    'a sender of two lines': { sms: {}, mail: { from: 'a\r\nBcc: b@example.org' } },
    'a wait above the ceiling': { sms: { timeoutSeconds: 11 }, mail: {} },
    'no wait at all': { sms: {}, mail: { timeoutSeconds: 0 } },
  };
  for (const [name, settings] of Object.entries(refused)) {
    it(`refuse ${name}`, () => {
      expect(read(settings).success).to.equal(false);
    });
  }
});
