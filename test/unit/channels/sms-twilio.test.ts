import { expect } from 'chai';

import { ChannelError, type Sms } from '../../../src/channels/channel.ts';
import { createSms } from '../../../src/channels/sms/twilio.ts';
import { type Answer, openVendor, outOfOrder, type Vendor } from '../../support/vendor.ts';
import { twilio } from '../../support/vendors.ts';

const message: Sms = {
  to: '+14255550134',
  text: '123456 is your code\n\n@id.example.org #123456',
  purpose: 'sign-in',
  messageId: 'm1',
};
const from = '+14255550100';

describe('sms twilio', () => {
  let vendor: Vendor;
  before(async () => {
    vendor = await openVendor(twilio.taken);
  });
  beforeEach(() => vendor.answers());
  after(() => vendor.close());

  const open = (more: object = {}) =>
    createSms({
      ...{ ...twilio.account, url: vendor.url, timeoutSeconds: 5, sender: { from } },
      ...more,
    });
  const failure = (answer: Answer, more: object = {}): Promise<unknown> => {
    vendor.answers(answer);
    return open(more)
      .send(message)
      .catch((error: unknown) => error);
  };

  it('posts one form for each text, with the name and token of the account', async () => {
    await open().send(message);
    const { accountSid, authToken } = twilio.account;
    const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    expect(vendor.asked).to.deep.equal([
      {
        ...{ method: 'POST', path: `/2010-04-01/Accounts/${accountSid}/Messages.json` },
        authorization: `Basic ${basic}`,
        form: { To: message.to, From: from, Body: message.text },
      },
    ]);
  });

  it('leaves it to a messaging service who sends, where there is one', async () => {
    const { messagingServiceSid } = twilio;
    await open({ sender: { messagingServiceSid } }).send(message);
    expect(vendor.asked[0]?.form).to.include({ MessagingServiceSid: messagingServiceSid });
    expect(vendor.asked[0]?.form).not.to.have.property('From');
  });

  const temporary = { isTemporary: true, isOptedOut: false, isAccountRefused: false };
  const permanent = { ...temporary, isTemporary: false };
  const account = { ...permanent, isAccountRefused: true };
  // As https://www.twilio.com/docs/api/errors describes them.
  const meanings: readonly (readonly [number, number, string, object])[] = [
    [400, 21211, 'a number that is none', permanent],
    [400, 21614, 'a number that takes no texts', permanent],
    [400, 21610, 'a person who sent STOP', { ...permanent, isOptedOut: true }],
    [401, 20003, 'a wrong token', account],
    [403, 20005, 'a suspended account', account],
    [400, 21608, 'an account on trial', account],
    [400, 21606, 'a sender of somebody else', account],
    [400, 21408, 'a country that is not switched on', account],
    [429, 20429, 'too many at once', temporary],
    [400, 21611, 'too many that wait', temporary],
    [500, 20500, 'a failure of its own', temporary],
    [503, 20503, 'a pause of its own', temporary],
  ];
  for (const [status, code, name, meaning] of meanings) {
    it(`takes ${status} with ${code} for ${name}, and tells nobody more`, async () => {
      const thrown = await failure(twilio.refusal(status, code));
      expect(thrown)
        .to.be.instanceOf(ChannelError)
        .and.include({ ...meaning, code: String(code), cause: undefined });
      expect(String(thrown)).not.to.match(/123456|0134/);
    });
  }

  for (const [name, answer] of Object.entries(outOfOrder)) {
    it(`may try again when it ${name}`, async () => {
      const thrown = await failure(answer, { timeoutSeconds: 0.1 });
      expect(thrown).to.be.instanceOf(ChannelError).and.include(temporary);
      expect(String(thrown)).not.to.match(/123456|0134/);
    });
  }

  it('gives up on an account that is refused in no words', async () => {
    expect(await failure([401, ''])).to.include({ ...account, code: '401' });
  });

  it('carries nothing on to another address', async () => {
    const moved: Answer = (to) => void to.writeHead(307, { location: '/elsewhere' }).end();
    expect(await failure(moved)).to.include(permanent);
    expect(vendor.asked).to.have.lengthOf(1);
  });

  it('counts every answer but a failure as reachable', async () => {
    for (const answer of [twilio.taken, twilio.refusal(401, 20003)]) {
      vendor.answers(answer);
      await open().check();
    }
    const path = `/2010-04-01/Accounts/${twilio.account.accountSid}.json`;
    expect(vendor.asked[0]).to.include({ method: 'GET', path });
    vendor.answers([503, '']);
    const thrown = await open()
      .check()
      .catch((error: unknown) => error);
    expect(thrown).to.include({ isTemporary: true });
  });
});
