import { hash as argon2 } from '@node-rs/argon2';
import { expect } from 'chai';

import { createPasswordHasher } from '../../../src/credentials/password-hasher.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const small = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, mostWaiting: 100 };
const hasher = createPasswordHasher(small, systemClock);
const opens = async (stored: string, typed: string): Promise<boolean> =>
  (await hasher.match(stored, typed)) !== undefined;

const matches = async (stored: string, typed: string): Promise<boolean> =>
  opens(await hasher.hash(stored), typed);

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
    it(`${isSame ? 'takes' : 'tells apart'} ${name} (S-003, S-004)`, async () => {
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
    expect(await opens(hasher.nobodysHash, 'correct horse')).to.equal(false);
    expect(hasher.runs()).to.equal(before + 1);
    const [, parameters] = /^(\$argon2id\$v=19\$[^$]+)\$/.exec(await hasher.hash('x')) ?? [];
    expect(hasher.nobodysHash.startsWith(`${parameters ?? '?'}$`)).to.equal(true);
  });

  // What is typed, and how many spellings it has in NFC, NFD and NFKC.
  for (const [typed, spellings] of [
    ['correct horse', 1],
    ['caf\u00e9', 2],
    ['e\u0301\ufb01', 3],
    ['\ufb01re', 2],
  ] as const) {
    it(`tries ${spellings} spellings of ${typed}, for everybody and nobody`, async () => {
      for (const stored of [hasher.nobodysHash, await hasher.hash('something else')]) {
        const before = hasher.runs();
        expect(await hasher.match(stored, typed)).to.equal(undefined);
        expect(hasher.runs()).to.equal(before + spellings);
      }
    });
  }

  it('finds out once for all hashes of the same parameters whether it can verify them', async () => {
    const [salt, digest] = ['AAECAwQFBgcICQoLDA0ODw', 'A'.repeat(43)];
    const fresh = createPasswordHasher(small, systemClock);
    const table: readonly (readonly [string, boolean])[] = [
      [`$argon2id$v=19$m=64,t=1,p=1$${salt}$${digest}`, true],
      [`$argon2id$v=19$m=64,t=1,p=1$${salt.replace('EC', 'FF')}$${digest}`, true],
      [`$argon2i$v=19$m=64,t=1,p=1$${salt}$${digest}`, true],
      [`$argon2id$v=19$m=64,t=1,p=1$${salt}$${digest.slice(0, 22)}`, true],
      ['$2b$04$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa', true],
      ['$2b$04$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3f.', true],
      [`$pbkdf2-sha256$10$${salt}$${digest}`, true],
      [`$pbkdf2-sha512$10$${salt}$${digest}`, true],
      // RFC 7914 §6: N is less than 2 to the power of 128·r/8.
      [`$scrypt$ln=16,r=1,p=1$${salt}$${digest}`, false],
      [`$scrypt$ln=15,r=1,p=1$${salt}$${digest}`, true],
    ];
    for (const [stored, isVerified] of table) {
      expect(await fresh.canVerify(stored), stored).to.equal(isVerified);
    }
    expect(fresh.runs()).to.equal(8);
  });

  it('opens whatever spelling was hashed elsewhere, and says which', async () => {
    const of = (password: string) =>
      argon2(password, { memoryCost: 64, timeCost: 1, parallelism: 1 });
    const [decomposed, composed] = ['cafe\u0301 \ufb01', 'caf\u00e9 \ufb01'];
    for (const typed of [decomposed, composed]) {
      for (const form of ['NFC', 'NFD', 'NFKC']) {
        const hashed = typed.normalize(form);
        expect(await hasher.match(await of(hashed), typed)).to.equal(hashed);
      }
    }
    // The owner may go on typing what was right elsewhere, and what is right here.
    const renewed = await hasher.hash('fire');
    expect(await opens(renewed, '\ufb01re')).to.equal(true);
    expect(await opens(renewed, 'fire')).to.equal(true);
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
    const thrown = await opens('plain text', 'plain text').catch((error: unknown) => error);
    expect(thrown).to.be.instanceOf(Error);
  });
});
