import { expect } from 'chai';

import { amrOf } from '../../../src/assurance/amr.ts';
import type { Proof } from '../../../src/assurance/proof.ts';
import { methods } from '../../../src/methods/index.ts';
import { code, hardwareKey, key, loneKey, now, pass, password, text } from './proofs.ts';

describe('The amr claim (S-041, RFC 8176)', () => {
  const rows: [string, Proof[], string[]][] = [
    ['nothing', [], []],
    ['a password', [password()], ['pwd']],
    ['two passwords', [password(1), password()], ['pwd']],
    ['password and code', [password(), code()], ['mfa', 'otp', 'pwd']],
    ['password and text', [password(), text()], ['mfa', 'pwd', 'sms']],
    ['password, code and text', [password(), code(), text()], ['mfa', 'otp', 'pwd', 'sms']],
    ['password and faded code', [password(), code(24)], ['pwd']],
    ['a code alone, which is no sign-in', [code()], []],
    ['a pass', [pass()], ['mfa', 'otp']],
    ['password and key', [password(), key()], ['mfa', 'pop', 'pwd', 'swk']],
    ['a key that verified its user', [loneKey()], ['mfa', 'pop', 'swk', 'user']],
    [
      'password and key in hardware',
      [password(), hardwareKey()],
      ['hwk', 'mfa', 'pop', 'pwd', 'user'],
    ],
    // What counts for phr counts longer than for phrh.
    [
      'a key in hardware of this morning',
      [password(), hardwareKey(12)],
      ['hwk', 'mfa', 'pop', 'pwd', 'user'],
    ],
  ];
  for (const [title, proofs, references] of rows) {
    it(`is ${references.join(' ') || 'empty'} for ${title}`, () =>
      expect(amrOf(proofs, now)).to.deep.equal(references));
  }

  it('is earned by each method as the table says', () => {
    const table = { password: ['pwd'], code: ['otp'], text: ['sms'], 'recovery-code': ['otp'] };
    const earned = Object.entries(methods).map(([id, { amr }]) => [id, [...amr]]);
    expect(Object.fromEntries(earned)).to.deep.include(table);
  });

  it('uses registered values only, and never pin; nor kba, which is of no sign-in', () => {
    const registered = ['pwd', 'otp', 'sms', 'tel', 'pop', 'swk', 'hwk', 'user', 'mfa'];
    for (const { amr, purposes } of Object.values(methods)) {
      const isForSignIns = (purposes as readonly string[]).includes('sign-in');
      if (isForSignIns) expect(registered).to.include.members([...amr]);
    }
  });
});
