import { expect } from 'chai';

import { openMethod } from '../../../src/methods/open.ts';
import { password } from '../../../src/methods/password/index.ts';
import { createPorts, vault } from './ports.ts';

const method = openMethod('password', password, {}, createPorts().ports);

const judge = (form: unknown, hash = 'new:correct horse') =>
  method.judge({
    policy: {},
    data: { hash, setAt: new Date(0) },
    memo: {},
    form,
    vault,
    challengeId: 'challenge-1',
    purpose: 'sign-in',
  });

describe('password', () => {
  it('passes the right one and fails any other', async () => {
    expect(await judge({ password: 'correct horse' })).to.deep.equal({ outcome: 'passed' });
    for (const wrong of ['correct hors', 'Correct horse', ' correct horse', 'correct horse\0']) {
      expect(await judge({ password: wrong })).to.have.property('reason', 'wrong-answer');
    }
  });

  it('stores a new hash when the old one is outdated, and only for the right password', async () => {
    const passed = await judge({ password: 'correct horse' }, 'old:correct horse');
    expect(passed).to.have.nested.property('credential.hash', 'new:correct horse');
    const failed = await judge({ password: 'wrong' }, 'old:correct horse');
    expect(failed).to.deep.equal({ outcome: 'failed', reason: 'wrong-answer' });
  });

  // The spelling that was hashed elsewhere, what is typed here, and what is hashed then.
  const spellings: readonly (readonly [string, string, string, string | undefined])[] = [
    ['old:cafe\u0301', 'caf\u00e9', 'NFD', 'new:cafe\u0301'],
    ['new:cafe\u0301', 'caf\u00e9', 'NFD with our parameters', 'new:cafe\u0301'],
    ['old:fire 12', '\ufb01re １２', 'NFKC', 'new:fire 12'],
    ['new:fire 12', '\ufb01re １２', 'NFKC with our parameters', undefined],
    ['new:caf\u00e9', 'cafe\u0301', 'NFC', undefined],
  ];
  for (const [hash, typed, form, renewed] of spellings) {
    it(`passes a hash of ${form}, and makes it anew where it must`, async () => {
      const verdict = await judge({ password: typed }, hash);
      expect(verdict.outcome).to.equal('passed');
      if (renewed === undefined) expect(verdict).not.to.have.property('credential');
      else expect(verdict).to.have.nested.property('credential.hash', renewed);
    });
  }

  const lengths: readonly (readonly [string, string, boolean])[] = [
    ['256 letters', 'a'.repeat(256), true],
    ['257 letters', 'a'.repeat(257), false],
    ['256 emoji of two halves', '🦆'.repeat(256), true],
    ['257 emoji', '🦆'.repeat(257), false],
    ['256 letters with their accents apart', 'e\u0301'.repeat(256), true],
    ['one letter', 'a', true],
    ['only spaces', '   ', true],
    ['a NUL', '\0', true],
    ['nothing', '', false],
    ['half an emoji', 'abc\ud83e', false],
    ['a megabyte', 'a'.repeat(1_000_000), false],
  ];
  for (const [name, typed, isRead] of lengths) {
    it(`${isRead ? 'reads' : 'does not hash'} ${name}`, async () => {
      const verdict = await judge({ password: typed });
      expect(verdict).to.have.property('reason', isRead ? 'wrong-answer' : 'malformed');
    });
  }

  for (const typed of [undefined, 5, ['correct horse'], { password: 'correct horse' }, true]) {
    it(`calls ${JSON.stringify(typed)} malformed`, async () => {
      expect(await judge({ password: typed })).to.have.property('reason', 'malformed');
    });
  }
});
