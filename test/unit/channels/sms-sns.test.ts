import { expect } from 'chai';

import { ChannelError, type Sms } from '../../../src/channels/channel.ts';
import { createSms } from '../../../src/channels/sms/sns.ts';
import { type Answer, openVendor, outOfOrder, type Vendor } from '../../support/vendor.ts';
import { sns } from '../../support/vendors.ts';

const message: Sms = {
  to: '+14255550134',
  text: '123456 is your code',
  purpose: 'sign-in',
  messageId: 'm1',
};

describe('sms sns', () => {
  let vendor: Vendor;
  before(async () => {
    vendor = await openVendor(sns.taken);
  });
  beforeEach(() => vendor.answers());
  after(() => vendor.close());

  const { credentials } = sns;
  const region = 'eu-central-1';
  const open = (more: object = {}) =>
    createSms({ ...{ region, credentials, endpoint: vendor.url, timeoutSeconds: 5 }, ...more });
  const failure = (answer: Answer, more: object = {}): Promise<unknown> => {
    vendor.answers(answer);
    return open(more)
      .send(message)
      .catch((error: unknown) => error);
  };

  it('publishes to the number, as a transaction, signed with the key', async () => {
    await open().send(message);
    expect(vendor.asked).to.have.lengthOf(1);
    expect(vendor.asked[0]?.form).to.deep.equal({
      ...{ Action: 'Publish', Version: '2010-03-31' },
      ...{ PhoneNumber: message.to, Message: message.text },
      'MessageAttributes.entry.1.Name': 'AWS.SNS.SMS.SMSType',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'Transactional',
    });
    expect(vendor.asked[0]?.authorization).to.match(
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sns\/aws4_request, /,
    );
  });

  it('says who sends, where that is set', async () => {
    await open({ senderId: 'Doorstep' }).send(message);
    expect(vendor.asked[0]?.form).to.include({
      'MessageAttributes.entry.2.Name': 'AWS.SNS.SMS.SenderID',
      'MessageAttributes.entry.2.Value.StringValue': 'Doorstep',
    });
  });

  const temporary = { isTemporary: true, isOptedOut: false, isAccountRefused: false };
  const permanent = { ...temporary, isTemporary: false };
  const account = { ...permanent, isAccountRefused: true };
  // As https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html and API_Publish.html have them.
  const meanings: readonly (readonly [number, string, object, string?])[] = [
    [400, 'InvalidParameter', permanent],
    [400, 'InvalidParameter', { ...permanent, isOptedOut: true }, 'Phone number is opted out'],
    [400, 'OptedOut', { ...permanent, isOptedOut: true }],
    [404, 'NotFound', permanent],
    [403, 'AuthorizationError', account],
    [403, 'InvalidClientTokenId', account],
    [403, 'SignatureDoesNotMatch', account],
    [403, 'OptInRequired', account],
    [400, 'Throttling', temporary],
    [429, 'Throttled', temporary],
    [500, 'InternalError', temporary],
    [503, 'ServiceUnavailable', temporary],
  ];
  for (const [status, code, meaning, words] of meanings) {
    it(`takes ${status} ${code} for what it is, and tells nobody more (${words ?? ''})`, async () => {
      const thrown = await failure(sns.refusal(status, code, words));
      expect(thrown).to.be.instanceOf(ChannelError).and.include(meaning);
      expect((thrown as ChannelError).code).to.match(new RegExp(`^${code}(Exception)?$`));
      expect(thrown).to.include({ cause: undefined });
      expect(String(thrown)).not.to.match(/123456|0134/);
      expect(vendor.asked).to.have.lengthOf(1);
    });
  }

  for (const [name, answer] of Object.entries(outOfOrder)) {
    it(`may try again when it ${name}`, async () => {
      const thrown = await failure(answer, { timeoutSeconds: 0.1 });
      expect(thrown).to.be.instanceOf(ChannelError).and.include(temporary);
      expect(String(thrown)).not.to.match(/123456|0134/);
    });
  }

  it('counts every answer but a failure as reachable', async () => {
    vendor.answers(sns.refusal(403, 'AuthorizationError'));
    await open().check();
    expect(vendor.asked[0]?.form).to.include({ Action: 'GetSMSAttributes' });
    vendor.answers(sns.refusal(500, 'InternalError'));
    const thrown = await open()
      .check()
      .catch((error: unknown) => error);
    expect(thrown).to.include({ isTemporary: true });
  });
});
