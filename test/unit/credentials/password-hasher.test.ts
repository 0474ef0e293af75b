import { expect } from 'chai';

import { createPasswordHasher } from '../../../src/credentials/password-hasher.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const small = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, mostWaiting: 100 };
const hasher = createPasswordHasher(small, systemClock);

const matches = async (stored: string, typed: string): Promise<boolean> =>
  hasher.verify(await hasher.hash(stored), typed);

describe('password hasher', () => {
  it('makes argon2id PHC strings with the given parameters, each with its own salt', async () => {
    const [one, two] = await Promise.all([hasher.hash('same'), hasher.hash('same')]);
    // 16 bytes of salt and 32 of hash, in base 64 without padding.
    expect(one).to.match(/^\$argon2id\$v=19\$m=64,t=1,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(one).not.to.equal(two);
  });

  const pairs: readonly (readonly [string, string, string, boolean])[] = [
    ['the same', 'correct horse', 'correct horse', true],
    ['another case', 'correct horse', 'Correct horse', false],
    ['a space in front', 'correct horse', ' correct horse', false],
    ['composed and decomposed accents', 'caf\u00e9', 'cafe\u0301', true],
    ['a letter with and without its accent', 'caf\u00e9', 'cafe', false],
    ['what comes behind a NUL', 'horse\0one', 'horse\0two', false],
    ['a NUL at the end', 'horse\0', 'horse', false],
    ['the 256th character', `${'a'.repeat(255)}b`, `${'a'.repeat(255)}c`, false],
    ['the 73rd byte', `${'a'.repeat(72)}b`, `${'a'.repeat(72)}c`, false],
    ['two emoji', '🦆🦆🦆🦆🦆🦆🦆🦆', '🦆🦆🦆🦆🦆🦆🦆🦉', false],
  ];
  for (const [name, stored, typed, isSame] of pairs) {
    it(`${isSame ? 'takes' : 'tells apart'} ${name}`, async () => {
      expect(await matches(stored, typed)).to.equal(isSame);
    });
  }

  it('calls a hash outdated when any parameter has grown', () => {
    const current = createPasswordHasher({ ...small, memoryKiB: 19_456, passes: 2 }, systemClock);
    const phc = (kind: string, m: number, t: number): string =>
      `$${kind}$v=19$m=${m},t=${t},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    expect(current.isOutdated(phc('argon2id', 8192, 1))).to.equal(true);
    expect(current.isOutdated(phc('argon2id', 19_456, 1))).to.equal(true);
    expect(current.isOutdated(phc('argon2id', 12_288, 3))).to.equal(true);
    expect(current.isOutdated(phc('argon2i', 19_456, 2))).to.equal(true);
    expect(current.isOutdated(phc('argon2id', 19_456, 2))).to.equal(false);
    expect(current.isOutdated(phc('argon2id', 65_536, 3))).to.equal(false);
  });

  it('computes as much for nobody as for anybody, and never passes', async () => {
    const before = hasher.runs();
    expect(await hasher.verify(hasher.nobodysHash, 'correct horse')).to.equal(false);
    expect(hasher.runs()).to.equal(before + 1);
    const [, parameters] = /^(\$argon2id\$v=19\$[^$]+)\$/.exec(await hasher.hash('x')) ?? [];
    expect(hasher.nobodysHash.startsWith(`${parameters ?? '?'}$`)).to.equal(true);
  });

  it('turns away whoever comes when the line is full, without hashing', async () => {
    const narrow = createPasswordHasher({ ...small, atOnce: 1, mostWaiting: 2 }, systemClock);
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((p) => narrow.hash(p)));
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[4]).to.have.nested.property('reason.code', 'busy');
    expect(narrow.runs()).to.equal(3);
  });

  it('throws for a stored hash that is none', async () => {
    const thrown = await hasher.verify('plain text', 'plain text').catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error);
  });
});
