import { expect } from 'chai';

import { createMailboxes } from '../../../src/credentials/mailboxes.ts';
import { credential } from '../../support/people.ts';

describe('Credentials that are mailboxes', () => {
  const warned: object[] = [];
  const mailboxes = createMailboxes({
    log: { warn: (fields, event) => void warned.push({ ...fields, event }) },
  });
  const of = (data: unknown, kind = 'email') =>
    mailboxes.in(credential('m1', kind, data), 'id-ada');

  beforeEach(() => void (warned.length = 0));

  it('are addresses for resets, and no others', () => {
    expect(of({ address: 'ada@home.example' })).to.deep.equal({ address: 'ada@home.example' });
    expect(of({ address: 'ada@home.example' }, 'phone')).to.equal(undefined);
    expect(of({ number: '+14255551234' }, 'phone')).to.equal(undefined);
    expect(warned).to.deep.equal([]);
  });

  it('say which of them their owner disowned', () => {
    const held = credential('m1', 'email', { address: 'ada@home.example' });
    const doubted = mailboxes.in({ ...held, suspendedAt: new Date() }, 'id-ada');
    expect(doubted).to.deep.equal({ address: 'ada@home.example', isDoubted: true });
  });

  for (const data of [undefined, null, 7, 'ada@home.example', {}, { address: 7 }]) {
    it(`log one that cannot be read, without what it holds: ${JSON.stringify(data)} (R-43)`, () => {
      expect(of(data)).to.equal(undefined);
      const event = 'credential.unreadable';
      expect(warned).to.deep.equal([{ account: 'id-ada', credential: 'm1', event }]);
    });
  }

  it('are no list, and no line of a mail’s head', () => {
    for (const address of ['a@b.example, c@d.example', 'a@b.example\r\nBcc: c@d.example', '@']) {
      expect(of({ address }), address).to.equal(undefined);
    }
  });

  it('have one name in every spelling', () => {
    const names = ['Ada@bücher.example', 'ada@XN--bcher-kva.example'].map(mailboxes.nameOf);
    expect(new Set(names).size).to.equal(1);
    expect(mailboxes.nameOf('no address')).to.equal('no address');
  });
});
