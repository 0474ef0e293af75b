import { expect } from 'chai';

import type { Call, ProviderCallback } from '../../../src/channels/channel.ts';
import { createVoice } from '../../../src/channels/voice/http.ts';
import { openCarrier, type Carrier } from '../../support/carrier.ts';
import { signedHeaders } from '../../support/webhook.ts';

const now = new Date('2026-11-30T12:00:00Z');
const clock = { now: () => now };
const secret = `whsec_${'k'.repeat(32)}`;
const address = 'https://id.example.org/callbacks/call/c/q';
const call: Call = {
  to: '+14255550134',
  text: 'Hello',
  locale: 'de',
  purpose: 'sign-in',
  messageId: 'm1',
};

describe('voice http', () => {
  let carrier: Carrier;
  before(async () => {
    carrier = await openCarrier();
  });
  after(() => carrier.close());

  const open = (more: object = {}) =>
    createVoice(
      { url: carrier.url, timeoutSeconds: 5, hearsKeys: true, callbackSecret: secret, ...more },
      { clock },
    );

  it('posts one JSON object, with the address only where keys are to be heard', async () => {
    await open().send(call);
    await open().send({ ...call, answerAt: address });
    const { locale: language, ...rest } = call;
    expect(carrier.texts).to.deep.equal([
      { ...rest, language },
      { ...rest, language, answerAt: address },
    ]);
  });

  it('has nothing that people could opt out of', async () => {
    carrier.answers(410);
    const thrown: unknown = await open()
      .send(call)
      .catch((error: unknown) => error);
    carrier.answers(202);
    expect(thrown).to.include({ isTemporary: false, isOptedOut: false, code: '410' });
  });

  /** What the provider posts, signed by it. */
  function told(said: object | string, more: Partial<ProviderCallback> = {}): ProviderCallback {
    const body = typeof said === 'string' ? said : JSON.stringify(said);
    return { address, body, headers: signedHeaders(body, { secret, at: now }), ...more };
  }

  it('hears keys, and how a call ended', async () => {
    const event = await open().readCallback(told({ answerAt: address, keys: '42' }));
    expect(event?.heard).to.deep.equal({ keys: '42' });
    const over = await open().readCallback(told({ answerAt: address, ended: 'busy' }));
    expect(over?.heard).to.deep.equal({ ended: 'busy' });
  });

  it('is told what to say as JSON', async () => {
    const event = await open().readCallback(told({ answerAt: address, keys: '42' }));
    expect(event?.reply({ text: 'Danke.', locale: 'de' })).to.deep.equal({
      type: 'application/json',
      body: '{"text":"Danke.","language":"de"}',
    });
  });

  it('takes nothing from anybody else, nor what was said of another call', async () => {
    const said = { answerAt: address, keys: '42' };
    expect(await open().readCallback(told(said, { headers: {} }))).to.equal(undefined);
    const ofAnother = told({ ...said, answerAt: `${address}2` });
    expect(await open().readCallback(ofAnother)).to.equal(undefined);
    expect(await open({ callbackSecret: undefined }).readCallback(told(said))).to.equal(undefined);
  });

  for (const [name, said] of Object.entries({
    'no JSON': 'x',
    'no keys': { answerAt: address },
    'keys that are none': { answerAt: address, keys: 42 },
    'more keys than anybody presses': { answerAt: address, keys: '1'.repeat(21) },
    'an end of another kind': { answerAt: address, ended: 'over' },
  })) {
    it(`cannot read ${name}`, async () => {
      const thrown: unknown = await open()
        .readCallback(told(said))
        .catch((error: unknown) => error);
      expect(thrown).to.be.an.instanceOf(Error);
    });
  }
});
