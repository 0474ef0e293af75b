import { expect } from 'chai';
import twilioLibrary from 'twilio';

import type { Call, Heard } from '../../../src/channels/channel.ts';
import { createVoice } from '../../../src/channels/voice/twilio.ts';
import { openVendor, outOfOrder, type Vendor } from '../../support/vendor.ts';
import { twilio } from '../../support/vendors.ts';

const answerAt = 'https://id.example.org/callbacks/call/c/q?a=1&b=2';
const call: Call = {
  to: '+14255550134',
  text: 'Press 4 < 5 & then the hash key.',
  locale: 'de',
  purpose: 'sign-in',
  messageId: 'm1',
};

describe('voice twilio', () => {
  let vendor: Vendor;
  before(async () => {
    vendor = await openVendor(twilio.taken);
  });
  beforeEach(() => vendor.answers());
  after(() => vendor.close());

  const open = (more: object = {}) =>
    createVoice({
      ...{ ...twilio.account, url: vendor.url, timeoutSeconds: 5, from: '+14255550100' },
      ...more,
    });
  const said = async (more: Partial<Call>): Promise<Record<string, string>> => {
    await open().send({ ...call, ...more });
    return vendor.asked.at(-1)?.form ?? {};
  };

  it('says the text while it waits for keys, and is told at that address of all that comes', async () => {
    const { Twiml, ...form } = await said({ answerAt });
    expect(vendor.asked[0]?.path).to.match(/\/Calls\.json$/);
    expect(form).to.deep.equal({
      ...{ To: call.to, From: '+14255550100', Timeout: '25', TimeLimit: '120' },
      ...{ StatusCallback: answerAt, StatusCallbackMethod: 'POST' },
    });
    const at = answerAt.replaceAll('&', '&amp;');
    expect(Twiml).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        `<Gather input="dtmf" finishOnKey="#" timeout="10" action="${at}" method="POST" ` +
        'actionOnEmptyResult="true"><Say language="de-DE">Press 4 &lt; 5 &amp; then the hash key.' +
        '</Say></Gather></Response>',
    );
  });

  it('is told of keys alone where the call may have been placed before', async () => {
    const { Twiml, ...form } = await said({ answerAt, isRepeated: true });
    expect(form).not.to.have.property('StatusCallback');
    expect(Twiml).to.contain('actionOnEmptyResult="false"').and.to.contain('action="https://');
  });

  it('reads a code aloud twice, and tells nobody how that went', async () => {
    const { Twiml, ...form } = await said({ locale: 'fr-CA', text: '1, 2' });
    expect(form).not.to.have.property('StatusCallback');
    const say = '<Say language="fr-FR">1, 2</Say>';
    expect(Twiml).to.contain(`<Response>${say}<Pause length="1"/>${say}</Response>`);
  });

  it('speaks English to whoever speaks something else', async () => {
    expect((await said({ locale: 'nl' })).Twiml).to.contain('language="en-US"');
  });

  for (const [name, answer] of Object.entries({
    ...outOfOrder,
    'is asked too often': twilio.refusal(429, 20429),
  })) {
    it(`may try again when it ${name}`, async () => {
      vendor.answers(answer);
      const thrown = await open({ timeoutSeconds: 0.1 })
        .send(call)
        .catch((error: unknown) => error);
      expect(thrown).to.include({ isTemporary: true, isAccountRefused: false });
    });
  }

  it('tells when a country is not switched on', async () => {
    vendor.answers(twilio.refusal(400, 21215));
    const thrown = await open()
      .send(call)
      .catch((error: unknown) => error);
    expect(thrown).to.include({ isTemporary: false, isAccountRefused: true, code: '21215' });
  });

  // The example of https://www.twilio.com/docs/usage/security#validating-requests.
  const documented = {
    address: 'https://mycompany.com/myapp.php?foo=1&bar=2',
    headers: { 'x-twilio-signature': '0/KCTR6DLpKmkAf8muzZqo1nDgQ=' },
    body: new URLSearchParams({
      ...{ CallSid: 'CA1234567890ABCDE', Caller: '+12349013030', Digits: '1234' },
      ...{ From: '+12349013030', To: '+18005551212' },
    }).toString(),
  };

  it('hears the keys of what Twilio signed', async () => {
    const event = await open().readCallback(documented);
    expect(event?.heard).to.deep.equal({ keys: '1234' });
    const { type, body } = event?.reply({ text: 'Merci & adieu', locale: 'fr' }) ?? {};
    expect(type).to.equal('text/xml');
    expect(body).to.equal(
      '<?xml version="1.0" encoding="UTF-8"?><Response>' +
        '<Say language="fr-FR">Merci &amp; adieu</Say><Hangup/></Response>',
    );
  });

  const forged: Readonly<Record<string, object>> = {
    'without a signature': { headers: {} },
    'with another': { headers: { 'x-twilio-signature': 'BlKCTR6DLpKmkAf8muzZqo1nDgQ=' } },
    'of another call': { address: 'https://mycompany.com/myapp.php?foo=1&bar=3' },
    'with other keys': { body: documented.body.replace('1234', '1235') },
    'with keys said twice': { body: `${documented.body}&Digits=9` },
    'with one more field': { body: `${documented.body}&CallStatus=busy` },
  };
  for (const [name, more] of Object.entries(forged)) {
    it(`hears nothing ${name}`, async () => {
      expect(await open().readCallback({ ...documented, ...more })).to.equal(undefined);
    });
  }

  function posted(form: Record<string, string>) {
    const { authToken } = twilio.account;
    const signature = twilioLibrary.getExpectedTwilioSignature(authToken, answerAt, form);
    const body = new URLSearchParams(form).toString();
    return { address: answerAt, headers: { 'x-twilio-signature': signature }, body };
  }

  const heard: readonly (readonly [Record<string, string>, Heard])[] = [
    [{ Digits: '*42', CallStatus: 'in-progress' }, { keys: '*42' }],
    [{ Digits: '', CallStatus: 'in-progress' }, { ended: 'unanswered' }],
    [{ CallStatus: 'no-answer' }, { ended: 'unanswered' }],
    [{ CallStatus: 'busy' }, { ended: 'busy' }],
    [{ CallStatus: 'failed' }, { ended: 'failed' }],
    [{ CallStatus: 'canceled' }, { ended: 'failed' }],
    [{ CallStatus: 'completed' }, { ended: 'hung-up' }],
  ];
  for (const [form, expected] of heard) {
    it(`hears ${JSON.stringify(expected)} in ${JSON.stringify(form)}`, async () => {
      const event = await open().readCallback(posted({ CallSid: 'CA1', ...form }));
      expect(event?.heard).to.deep.equal(expected);
    });
  }

  it('cannot read what tells of neither keys nor an end', async () => {
    for (const form of [{ CallStatus: 'ringing' }, {}, { CallStatus: 'toString' }]) {
      const thrown: unknown = await open()
        .readCallback(posted(form as Record<string, string>))
        .catch((error: unknown) => error);
      expect(thrown).to.be.an.instanceOf(Error);
    }
  });
});
