import { expect } from 'chai';

import {
  isSignedWebhook,
  signWebhook,
  webhookSecret,
} from '../../../src/channels/standard-webhooks.ts';

// As the library of the standard signs it (standardwebhooks 1.0.0).
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLhSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const timestamp = '1614265330';
const body = '{"test": 2432232314}';
const signature = 'v1,4EFDPeglMaItAx2h5/SfSqwNN9XNJmAgkdZcQGRtX5Y=';

const headers = {
  'webhook-id': id,
  'webhook-timestamp': timestamp,
  'webhook-signature': signature,
};
const now = new Date(1_614_265_330_000);
const seconds = (more: number): Date => new Date(now.getTime() + more * 1000);
const isSigned = (changed: object = {}, more: { body?: string; now?: Date } = {}): boolean =>
  isSignedWebhook(
    { headers: { ...headers, ...changed }, body: more.body ?? body },
    { secret, now: more.now ?? now },
  );

describe('Standard Webhooks', () => {
  it('are signed as the standard has it', () => {
    expect(signWebhook({ id, timestamp, body }, secret)).to.equal(signature);
    expect(isSigned()).to.equal(true);
  });

  it('are taken with one right signature among several, as while a secret is changed', () => {
    expect(isSigned({ 'webhook-signature': `v1,AAAA ${signature}` })).to.equal(true);
  });

  it('are taken for five minutes, before and after', () => {
    expect([-300, 300].map((apart) => isSigned({}, { now: seconds(apart) }))).to.deep.equal([
      true,
      true,
    ]);
    expect([-301, 301].map((apart) => isSigned({}, { now: seconds(apart) }))).to.deep.equal([
      false,
      false,
    ]);
  });

  const forged: Readonly<Record<string, object>> = {
    'another id': { 'webhook-id': 'msg_other' },
    'another time': { 'webhook-timestamp': '1614265331' },
    'a time that is none': { 'webhook-timestamp': '1e9' },
    'no id': { 'webhook-id': undefined },
    'no time': { 'webhook-timestamp': undefined },
    'no signature': { 'webhook-signature': undefined },
    'an empty signature': { 'webhook-signature': '' },
    'another version': { 'webhook-signature': signature.replace('v1,', 'v1a,') },
    'a signature that is too short': { 'webhook-signature': signature.slice(0, -4) },
  };
  for (const [name, changed] of Object.entries(forged)) {
    it(`are refused with ${name}`, () => {
      expect(isSigned(changed)).to.equal(false);
    });
  }

  it('are refused with another body, or by another secret', () => {
    expect(isSigned({}, { body: `${body} ` })).to.equal(false);
    const other = { secret: `whsec_${'k'.repeat(32)}`, now };
    expect(isSignedWebhook({ headers, body }, other)).to.equal(false);
  });

  it('take secrets of 24 to 64 bytes', () => {
    const bytes = (length: number) => `whsec_${Buffer.alloc(length).toString('base64')}`;
    const isTaken = (given: string) => webhookSecret.safeParse(given).success;
    expect([24, 64].map(bytes).map(isTaken)).to.deep.equal([true, true]);
    expect([23, 65].map(bytes).map(isTaken)).to.deep.equal([false, false]);
    expect(isTaken('whsec_')).to.equal(false);
  });
});
