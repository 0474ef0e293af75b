/**
 * Hashes that others made: published vectors, Python's hashlib and libxcrypt.
 */
import { expect } from 'chai';

import { flawOfCost } from '../../../src/credentials/hash-cost.ts';
import { readPasswordHash, UnusableHash } from '../../../src/credentials/password-hash.ts';
import { createPasswordHasher } from '../../../src/credentials/password-hasher.ts';
import { systemClock } from '../../../src/lib/clock.ts';

const settings = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 2, mostWaiting: 100 };
const hasher = createPasswordHasher(settings, systemClock);
const opens = async (stored: string, typed: string): Promise<boolean> =>
  (await hasher.match(stored, typed)) !== undefined;

const unhex = (hex: string): string =>
  Buffer.from(hex, 'hex').toString('base64').replaceAll('=', '');
const text = (plain: string): string => Buffer.from(plain).toString('base64').replaceAll('=', '');

const ARGON2 =
  '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
const lanterns = 'seven green lanterns';
const salt = 'AAECAwQFBgcICQoLDA0ODw';
const sha256 = 'B0pRJKQwB5X1py6sa/yTGREc30/5IxgUrksO9yq3/qw';

describe('a password hash from elsewhere', () => {
  const vectors: readonly (readonly [string, string, string])[] = [
    [
      'PBKDF2-SHA1, RFC 6070',
      'passwordPASSWORDpassword',
      `$pbkdf2$4096$${text('saltSALTsaltSALTsaltSALTsaltSALTsalt')}$${unhex(
        '3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038',
      )}`,
    ],
    [
      'scrypt, RFC 7914',
      'pleaseletmein',
      `$scrypt$ln=14,r=8,p=1$${text('SodiumChloride')}$${unhex(
        '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
          'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
      )}`,
    ],
    [
      'argon2i, of the reference implementation',
      'password',
      '$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA',
    ],
    ['argon2id, of the reference implementation', 'password', ARGON2],
    ['PBKDF2-SHA1, hashlib', lanterns, `$pbkdf2$131000$${salt}$lIINtf3ErwveBNNohby4tun4H6Y`],
    ['PBKDF2-SHA256, hashlib', lanterns, `$pbkdf2-sha256$29000$${salt}$${sha256}`],
    ['PBKDF2-SHA256 as a PHC string', lanterns, `$pbkdf2-sha256$i=29000,l=32$${salt}$${sha256}`],
    [
      'PBKDF2-SHA512, hashlib',
      lanterns,
      `$pbkdf2-sha512$25000$${salt}$` +
        'BOFn7lcrU7PVfqk3a5CwRiAvyolh6wtOABORPO9MuTcrgBiHvuv1VHGe7XsvR0lMaOOZdeqRmhUDMfX4DuB4GQ',
    ],
    [
      'scrypt, hashlib',
      lanterns,
      `$scrypt$ln=14,r=8,p=1$${salt}$0yB0MQI5it4Meegqj+3je6QgPUVXgQWUObvBCfC4BJg`,
    ],
    ...['2a', '2b', '2y'].map(
      (id) =>
        [
          `bcrypt ${id}, libxcrypt`,
          lanterns,
          `$${id}$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa`,
        ] as const,
    ),
    ...[
      ['padding', ARGON2.replace(/\$(.{11})\$(.*)$/, '$$$1=$$$2=')],
      ['leading zeros', ARGON2.replace('m=65536,t=2,p=1', 'm=065536,t=02,p=001')],
      ['the alphabet of passlib', ARGON2.replaceAll('+', '.')],
      ['the alphabet of URLs', ARGON2.replaceAll('+', '-').replaceAll('/', '_')],
    ].map(([oddity = '', stored = '']) => [`argon2id with ${oddity}`, 'password', stored] as const),
    [
      'bcrypt with spare bits in salt and hash',
      lanterns,
      '$2b$05$abcdefghijklmnopqrstuv3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fb',
    ],
  ];
  for (const [name, password, stored] of vectors) {
    it(`matches its password and no other: ${name}`, async () => {
      expect(await opens(stored, password)).to.equal(true);
      expect(await opens(stored, `${password}!`)).to.equal(false);
    });

    it(`is cheap enough and outdated unless it is argon2id: ${name}`, () => {
      expect(flawOfCost(readPasswordHash(stored))).to.equal(undefined);
      expect(hasher.isOutdated(stored)).to.equal(!stored.startsWith('$argon2id'));
    });
  }

  it('of bcrypt does not open to what bcrypt would have cut (C-70)', async () => {
    const of72 = '$2b$04$abcdefghijklmnopqrstuuBzzIgyKkz7xMWYSzkIjUSnxEQFQ0WNe';
    // Nobody knows whether it was made of just these 72, or of more.
    expect(await opens(of72, 'a'.repeat(72))).to.equal(false);
    const of36Letters = '$2b$04$abcdefghijklmnopqrstuupsnMGJariyH0lGHZlOLPRMcBH4K6Lqe';
    expect(await opens(of36Letters, 'å'.repeat(36))).to.equal(false);
    expect(await opens(of72, 'a'.repeat(73))).to.equal(false);
    expect(await opens(of72, 'a'.repeat(72) + '\0')).to.equal(false);
    const short = '$2b$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa';
    expect(await opens(short, `${lanterns}\0behind`)).to.equal(false);
  });

  it('waits in the same line as our own', async () => {
    const narrow = createPasswordHasher({ ...settings, atOnce: 1, mostWaiting: 1 }, systemClock);
    const stored = `$pbkdf2-sha256$29000$${salt}$${sha256}`;
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((p) => narrow.match(stored, p)));
    expect(outcomes.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(narrow.runs()).to.equal(2);
  });

  const broken: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['plain text', 'seven green lanterns'],
    ['MD5', '$1$abcdefgh$irWbblnpmw.5z7wgBnprh0'],
    ['SHA-512 crypt', '$6$abcdefgh$x'],
    ['argon2d', `$argon2d$v=19$m=64,t=1,p=1$${salt}$${sha256}`],
    ['an argon2 before 1.3', `$argon2i$v=16$m=64,t=1,p=1$${salt}$${sha256}`],
    ['an argon2 without its parameters', `$argon2id$v=19$m=64$${salt}$${sha256}`],
    ['an argon2 without passes', `$argon2id$v=19$m=64,t=0,p=1$${salt}$${sha256}`],
    ['the broken bcrypt', '$2x$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa'],
    ['half a bcrypt', '$2b$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj'],
    ['a hash of three bytes', `$pbkdf2-sha256$29000$${salt}$AAAA`],
    ['no salt', `$pbkdf2-sha256$29000$$${sha256}`],
    ['no iterations', `$pbkdf2-sha256$$${salt}$${sha256}`],
    ['more behind it', `$pbkdf2-sha256$29000$${salt}$${sha256}$more`],
    ['signs that are no base 64', `$pbkdf2-sha256$29000$${salt}$${sha256.replace('B', '!')}`],
    ['the name of a property of every object', `$constructor$${salt}$${sha256}`],
    ['far too much', `$pbkdf2-sha256$29000$${salt}$${'A'.repeat(1000)}`],
  ];
  for (const [name, stored] of broken) {
    it(`is refused when it is ${name}`, () => {
      expect(() => readPasswordHash(stored)).to.throw(UnusableHash);
    });
  }

  const dear: readonly (readonly [string, RegExp])[] = [
    [`$argon2id$v=19$m=262145,t=1,p=1$${salt}$${sha256}`, /memory/],
    [`$argon2id$v=19$m=262144,t=5,p=1$${salt}$${sha256}`, /passes/],
    ['$2b$15$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa', /bcrypt cost of 15/],
    ['$2b$03$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa', /bcrypt cost of 3/],
    [`$scrypt$ln=21,r=8,p=1$${salt}$${sha256}`, /scrypt N/],
    [`$scrypt$ln=19,r=8,p=1$${salt}$${sha256}`, /scrypt memory/],
    [`$scrypt$ln=17,r=8,p=5$${salt}$${sha256}`, /scrypt work/],
    [`$scrypt$ln=0,r=8,p=1$${salt}$${sha256}`, /scrypt N/],
    [`$scrypt$ln=9999999999,r=8,p=1$${salt}$${sha256}`, /scrypt N/],
    [`$scrypt$ln=14,r=0,p=1$${salt}$${sha256}`, /scrypt r/],
    [`$pbkdf2-sha512$2000001$${salt}$${sha256}`, /2000001/],
    [`$pbkdf2-sha512$0$${salt}$${sha256}`, /iterations of 0/],
  ];
  for (const [stored, reason] of dear) {
    it(`is too dear to verify, or impossible: ${stored.slice(0, 40)}`, () => {
      expect(flawOfCost(readPasswordHash(stored))).to.match(reason);
    });
  }
});
