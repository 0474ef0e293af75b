import { expect } from 'chai';

import { openMethod } from '../../../src/methods/open.ts';
import { text } from '../../../src/methods/text/index.ts';
import { malformed } from './malformed.ts';
import { createPorts, occasion, vault } from './ports.ts';

const phone = { number: '+14255550134', countryCallingCode: '1', type: 'mobile-or-fixed-line' };

const open = (settings = {}) => openMethod('text', text, settings, createPorts().ports);

async function ask(settings = {}) {
  const question = await open(settings).begin(phone, occasion);
  return { ...question, code: question.send?.values.code ?? '' };
}

const judge = (memo: unknown, form: unknown, challengeId: string = occasion.challengeId) =>
  open().judge({ policy: {}, data: phone, memo, form, vault, challengeId, purpose: 'sign-in' });

describe('text', () => {
  it('sends six digits to the number and passes whoever types them', async () => {
    const { memo, send, code } = await ask();
    expect(code).to.match(/^[0-9]{6}$/);
    expect(send).to.include({ channel: 'sms', to: '+14255550134', message: 'code' });
    expect(send?.budget).to.deep.equal({ number: '+14255550134', country: '1' });
    expect(await judge(memo, { code })).to.deep.equal({ outcome: 'passed' });
  });

  it('names the app and the purpose in the message', async () => {
    const { send } = await ask();
    expect(send?.values).to.include({ client: 'Shop', purpose: 'sign-in' });
  });

  it('keeps the code out of the memo and the page, and the number behind its mask', async () => {
    const { memo, page, code } = await ask();
    expect(JSON.stringify({ memo, page })).not.to.include(code).and.not.to.include('4255550134');
    expect(page).to.deep.equal({ to: '+1 ••• 34', digits: 6 });
  });

  it('makes as many digits, valid for as long, as the settings say', async () => {
    const { code, page, validForSeconds } = await ask({ digits: 8, validForSeconds: 60 });
    expect(code).to.have.lengthOf(8);
    expect(page).to.include({ digits: 8 });
    expect(validForSeconds).to.equal(60);
  });

  it('refuses settings beyond their ceilings', () => {
    for (const settings of [{ digits: 5 }, { digits: 11 }, { validForSeconds: 601 }, { more: 1 }]) {
      expect(() => open(settings), JSON.stringify(settings)).to.throw();
    }
  });

  it('fails any other code', async () => {
    const { memo, code } = await ask();
    const other = String((Number(code) + 1) % 1_000_000).padStart(6, '0');
    expect(await judge(memo, { code: other })).to.have.property('reason', 'wrong-answer');
    expect(await judge(memo, { code: `${code}0` })).to.have.property('reason', 'malformed');
  });

  it('fails the right code in any other challenge', async () => {
    const { memo, code } = await ask();
    expect(await judge(memo, { code }, 'challenge-2')).to.have.property('reason', 'wrong-answer');
  });

  it('makes a new code each time, and the old one fails for the new question', async () => {
    const [first, second] = [await ask({ digits: 10 }), await ask({ digits: 10 })];
    expect(await judge(second.memo, { code: first.code })).to.have.property('outcome', 'failed');
  });

  for (const [name, value] of Object.entries(malformed)) {
    it(`calls ${name} malformed`, async () => {
      const { memo } = await ask();
      expect(await judge(memo, { code: value })).to.have.property('reason', 'malformed');
    });
  }

  it('throws for a memo or a phone that is none', async () => {
    const { memo, code } = await ask();
    const broken = [
      open().judge({
        policy: {},
        data: phone,
        memo: {},
        form: { code },
        vault,
        challengeId: 'c',
        purpose: 'sign-in',
      }),
      open().judge({
        policy: {},
        data: {},
        memo,
        form: { code },
        vault,
        challengeId: 'c',
        purpose: 'sign-in',
      }),
      open().begin({ number: 5 }, occasion),
    ];
    const outcomes = await Promise.allSettled(broken);
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'rejected',
      'rejected',
      'rejected',
    ]);
  });
});
