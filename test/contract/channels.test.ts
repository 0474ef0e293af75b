/**
 * Every driver keeps to the one shape, so that the outbox need not know which it has.
 */
import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';

import { expect } from 'chai';

import { createMail as createMemoryMail } from '../../src/channels/mail/memory.ts';
import { createPush as createMemoryPush } from '../../src/channels/push/memory.ts';
import { createSms as createMemorySms } from '../../src/channels/sms/memory.ts';
import { createVoice as createMemoryVoice } from '../../src/channels/voice/memory.ts';

const channels = new URL('../../src/channels/', import.meta.url);

async function driversOf(channel: string): Promise<string[]> {
  return (await readdir(new URL(`${channel}/`, channels))).sort();
}

describe('channels', () => {
  for (const [channel, builder] of [
    ['sms', 'createSms'],
    ['voice', 'createVoice'],
    ['mail', 'createMail'],
    ['push', 'createPush'],
  ] as const) {
    it(`build every driver of ${channel} by the same name`, async () => {
      for (const file of await driversOf(channel)) {
        const driver = (await import(new URL(`${channel}/${file}`, channels).href)) as object;
        expect(driver, file).to.have.property(builder).that.is.a('function');
      }
    });
  }

  it('offer no driver of tests in the settings', async () => {
    for (const channel of ['sms', 'voice', 'mail', 'push']) {
      const { default: _, ...memory } = (await import(
        new URL(`${channel}/memory.ts`, channels).href
      )) as Record<string, unknown>;
      expect(Object.keys(memory).filter((name) => name.endsWith('Settings'))).to.deep.equal([]);
    }
  });

  it('keep in memory what was sent, in its order', async () => {
    const [sms, mail, push] = [createMemorySms(), createMemoryMail(), createMemoryPush()];
    const voice = createMemoryVoice();
    const text = { to: '+14255550134', text: 'one', purpose: 'sign-in', messageId: '1' };
    await sms.send(text);
    await sms.send({ ...text, messageId: '2' });
    expect(sms.sent.map(({ messageId }) => messageId)).to.deep.equal(['1', '2']);
    await mail.send({ to: 'ada@example.org', subject: 's', text: 't', messageId: '3' });
    expect(mail.sent.map(({ messageId }) => messageId)).to.deep.equal(['3']);
    await voice.send({ ...text, locale: 'en', messageId: '5' });
    expect(voice.sent.map(({ messageId }) => messageId)).to.deep.equal(['5']);
    const subscription = { endpoint: 'https://push.example.org/1', p256dh: 'p', auth: 'a' };
    await push.send({ subscription, payload: '{}', ttlSeconds: 60, messageId: '4' });
    expect(push.sent.map(({ messageId }) => messageId)).to.deep.equal(['4']);
  });

  it('load a vendor only with the first message for it', () => {
    const script = `
      import { createRequire } from 'node:module';
      import { channelSettings, createChannels } from './src/channels/index.ts';
      const { cache } = createRequire(import.meta.url);
      const loaded = [/node_modules.twilio./, /client-sns/].map((vendor) => () =>
        Object.keys(cache).some((file) => vendor.test(file)));
      const said = () => loaded.map((has) => Number(has())).join('');
      const nothing = { sms: {}, voice: {}, mail: {}, push: { hosts: ['localhost'] } };
      const { now } = Date;
      const open = (more) => createChannels(channelSettings.parse({ ...nothing, ...more }), {
        clock: { now: () => new Date(now()) }, issuer: 'https://id.example.org' });
      const text = { to: '+14255550134', text: '1', purpose: 'sign-in', messageId: '1' };
      const send = (road) => road.send(text).catch(() => undefined);
      const nobody = 'http://127.0.0.1:9';
      const twilio = { accountSid: 'AC' + '0'.repeat(32), authToken: 't', url: nobody, from: '+14255550100' };
      const sns = { region: 'eu-central-1', accessKeyId: 'a', secretAccessKey: 's', endpoint: nobody };
      await send(open({ sms: { url: nobody } }).sms);
      const byTwilio = open({ twilio, sms: { driver: 'twilio' }, voice: { driver: 'twilio' } });
      const bySns = open({ sns, sms: { driver: 'sns' } });
      const steps = [said()];
      await send(byTwilio.sms);
      steps.push(said());
      await send(bySns.sms);
      console.log([...steps, said()].join(' '));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(stdout.trim(), stderr).to.equal('00 10 11');
  });
});
