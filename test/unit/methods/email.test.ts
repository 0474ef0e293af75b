import { expect } from 'chai';

import { email } from '../../../src/methods/email/index.ts';
import { isSecondStep } from '../../../src/methods/method.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { createPorts, occasion, vault } from './ports.ts';

const mailbox = { address: 'Ada@xn--bcher-kva.example' };

const open = (settings = {}) => openMethod('email', email, settings, createPorts().ports);

async function ask(settings = {}) {
  const question = await open(settings).begin(mailbox, { ...occasion, purpose: 'enrol' });
  return { ...question, code: question.send?.values.code ?? '' };
}

const judge = (memo: unknown, form: unknown, challengeId: string = occasion.challengeId) =>
  open().judge({ policy: {}, data: mailbox, memo, form, vault, challengeId, purpose: 'enrol' });

describe('email', () => {
  it('mails eight digits, good for ten minutes, and passes whoever types them', async () => {
    const { memo, send, code, validForSeconds } = await ask();
    expect(code).to.match(/^[0-9]{8}$/);
    expect(validForSeconds).to.equal(600);
    expect(send).to.deep.include({
      ...{ channel: 'mail', to: mailbox.address, message: 'code' },
      ...{ budget: { mailbox: 'ada@xn--bcher-kva.example' } },
      values: { code, purpose: 'enrol', minutes: '10' },
    });
    const typed = `${code.slice(0, 4)} ${code.slice(4)}`;
    expect(await judge(memo, { code: typed })).to.deep.equal({ outcome: 'passed' });
  });

  it('fails any other code, and this one for another question', async () => {
    const { memo, code } = await ask();
    const other = String((Number(code) + 1) % 100_000_000).padStart(8, '0');
    expect(await judge(memo, { code: other })).to.have.property('reason', 'wrong-answer');
    expect(await judge(memo, { code }, 'another')).to.have.property('reason', 'wrong-answer');
    expect(await judge(memo, { code: code.slice(1) })).to.have.property('reason', 'malformed');
  });

  it('keeps the code out of the memo and the page, and the address behind its mask', async () => {
    const { memo, page, code } = await ask();
    expect(JSON.stringify({ memo, page })).not.to.include(code).and.not.to.include('Ada');
    expect(page).to.deep.equal({ to: 'A•••@b•••.example', digits: 8 });
  });

  it('refuses settings beyond their ceilings', () => {
    for (const settings of [{ digits: 5 }, { digits: 11 }, { validForSeconds: 601 }, { more: 1 }]) {
      expect(() => open(settings), JSON.stringify(settings)).to.throw();
    }
  });

  it('is for resets, and never for a sign-in (S-025, D-9)', () => {
    const { purposes, canBeDefault, factor } = open();
    expect(purposes).to.have.members(['reset', 'enrol']);
    expect({ canBeDefault, factor }).to.deep.equal({ canBeDefault: false, factor: 'mailbox' });
    expect(isSecondStep(open())).to.equal(false);
  });
});
