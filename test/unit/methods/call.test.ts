import { expect } from 'chai';

import type { CallEvent } from '../../../src/channels/channel.ts';
import { call } from '../../../src/methods/call/index.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { createPorts, occasion, vault } from './ports.ts';

const phone = { number: '+14255550134', countryCallingCode: '1', type: 'mobile-or-fixed-line' };
const event: CallEvent = {
  heard: { keys: '42' },
  reply: ({ text }) => ({ type: 'text/plain', body: text }),
};
const voice = (hearsKeys: boolean) => ({ hearsKeys, readCallback: async () => event });

const open = ({ hearsKeys = true, settings = {} } = {}) =>
  openMethod('call', call, settings, { ...createPorts().ports, voice: voice(hearsKeys) });
async function ask(more: object = {}, how: Parameters<typeof open>[0] = {}) {
  const answerAt = 'https://id.example.org/callbacks/1';
  const question = await open(how).begin(phone, { ...occasion, answerAt, ...more });
  const { number } = question.page;
  return { ...question, number: typeof number === 'string' ? number : '' };
}
const judge = (memo: unknown, form: unknown, challengeId: string = occasion.challengeId) =>
  open().judge({ policy: {}, data: phone, memo, form, vault, challengeId, purpose: 'sign-in' });

describe('call', () => {
  it('calls the number, and is passed by the digits on the page', async () => {
    const { number, memo, send, isAskedOnce } = await ask();
    expect(send).to.deep.include({
      ...{ channel: 'voice', to: '+14255550134', message: 'call' },
      budget: { number: '+14255550134', country: '1' },
      answerAt: 'https://id.example.org/callbacks/1',
    });
    expect(isAskedOnce).to.equal(true);
    expect(number).to.match(/^[1-9]\d$/);
    expect(await judge(memo, { keys: number })).to.deep.equal({ outcome: 'passed' });
  });

  it('says nothing that leads through the door, and tells no device', async () => {
    for (let i = 0; i < 50; i += 1) {
      const { number, send, shows } = await ask();
      expect(JSON.stringify([send?.values, shows])).not.to.contain(number);
    }
  });

  it('is refused by any other keys, and denied by 0', async () => {
    const { number: right, memo } = await ask();
    for (const keys of [
      `${right}1`,
      right[0],
      `0${right}`,
      ' ',
      '*',
      '٤٧',
      right === '11' ? '22' : '11',
    ]) {
      expect(await judge(memo, { keys }), String(keys)).to.have.property('reason', 'wrong-answer');
    }
    expect(await judge(memo, { keys: '0' })).to.have.property('reason', 'denied');
    expect(await judge(memo, { code: right.padStart(6, '0') })).to.have.property(
      'outcome',
      'failed',
    );
  });

  it('shows no number twice that the same phone is asked for elsewhere', async () => {
    const all = Array.from({ length: 90 }, (_, at) => ({ number: String(at + 10) }));
    const [free] = all.splice(42, 1);
    const { number } = await ask({ others: all });
    expect(number).to.equal(free?.number);
  });

  it('knows when nobody answered, and when somebody says no', () => {
    const { outOfBand } = open();
    const kindsOf = (form: object) => [outOfBand?.isUnanswered(form), outOfBand?.isDenial(form)];
    expect(kindsOf({ ended: 'busy' })).to.deep.equal([true, false]);
    expect(kindsOf({ keys: '' })).to.deep.equal([true, false]);
    expect(kindsOf({ keys: '0' })).to.deep.equal([false, true]);
    expect(kindsOf({ keys: '42' })).to.deep.equal([false, false]);
    expect(kindsOf({})).to.deep.equal([false, false]);
    expect(kindsOf({ keys: '0', ended: 'busy' }), 'neither is believed').to.deep.equal([
      false,
      false,
    ]);
  });

  it('takes what its provider heard, and says to it what is to be said', async () => {
    const callback = { address: '', headers: {}, body: '' };
    const read = await open().readCallback(callback);
    expect(read?.answer).to.deep.equal({ keys: '42' });
    expect(read?.reply?.({ text: 'Thank you.', locale: 'en' }).body).to.equal('Thank you.');
  });

  describe('where no provider hears keys', () => {
    const deaf = { hearsKeys: false };

    it('is offered only where policy lets it read codes, and never in a reset', () => {
      const isPossible = (purpose: 'sign-in' | 'reset', readsCodes: boolean) =>
        open(deaf).isPossible({ purpose, policy: { readsCodes } });
      expect([isPossible('sign-in', false), isPossible('sign-in', true)]).to.deep.equal([
        false,
        true,
      ]);
      expect(isPossible('reset', true)).to.equal(false);
      expect(open().isPossible({ purpose: 'reset', policy: { readsCodes: false } })).to.equal(true);
    });

    it('reads a code aloud that is typed on the page, and good for this question alone', async () => {
      const { memo, page, send, isAnsweredOnPage } = await ask({}, deaf);
      const code = send?.values.code?.replaceAll(', ', '') ?? '';
      expect(code).to.match(/^\d{6}$/);
      expect(isAnsweredOnPage).to.equal(true);
      expect(JSON.stringify([memo, page])).not.to.contain(code);
      expect(send).not.to.have.property('answerAt');
      expect(await judge(memo, { code })).to.deep.equal({ outcome: 'passed' });
      expect(await judge(memo, { code }, 'another')).to.have.property('reason', 'wrong-answer');
      expect(await judge(memo, { keys: code })).to.have.property('reason', 'wrong-answer');
    });
  });

  it('asks for as many digits as the settings say, within their ceilings', async () => {
    const settings = { digits: 6, validForSeconds: 60 };
    const { number, validForSeconds } = await ask({}, { settings });
    expect([number.length, validForSeconds]).to.deep.equal([6, 60]);
    for (const beyond of [{ digits: 1 }, { digits: 7 }, { validForSeconds: 601 }, { more: 1 }]) {
      expect(() => open({ settings: beyond })).to.throw();
    }
  });
});
