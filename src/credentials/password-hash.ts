/**
 * Password hashes as text, our own and those of other systems: what they are, whether they
 * cost more than a sign-in may, and whether a password matches.
 *
 * Why so: whoever moves here keeps the password, and the hash is made anew with argon2id at the
 * next sign-in. Until then a wrong password takes as long as the old hash does, so its time
 * can tell that this name exists. What bcrypt may have cut (at 72 bytes, or at a NUL)
 * never matches: half of a password must not open the account, nor may what was
 * typed behind it become the new password unseen. Its owner needs a new one.
 */
import { pbkdf2, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

import { verify } from '@node-rs/argon2';

export type PasswordHash =
  | {
      readonly kind: 'argon2';
      readonly text: string;
      readonly isId: boolean;
      readonly KiB: number;
      readonly passes: number;
      readonly bytes: number;
    }
  | { readonly kind: 'bcrypt'; readonly text: string; readonly cost: number }
  | (Digest & {
      readonly kind: 'scrypt';
      readonly N: number;
      readonly r: number;
      readonly p: number;
    })
  | (Digest & {
      readonly kind: 'pbkdf2';
      readonly digest: 'sha1' | 'sha256' | 'sha512';
      readonly iterations: number;
    });

interface Digest {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Why a hash is not taken; safe to show, because it holds nothing of the hash. */
export class UnusableHash extends Error {}

const FEWEST_SALT_BYTES = 8;
const FEWEST_HASH_BYTES = 16;
const LONGEST_TEXT = 512;

/** Throws UnusableHash for a format that is unknown or broken. */
export function readPasswordHash(text: string): PasswordHash {
  const id = /^\$([a-z0-9-]+)\$/.exec(text)?.[1] ?? '';
  const read = Object.hasOwn(formats, id) ? formats[id] : undefined;
  if (!read || text.length > LONGEST_TEXT) {
    const known = Object.keys(formats).join(', ');
    throw new UnusableHash(`is no hash that can be verified here: ${known}`);
  }
  return read(text);
}

type Read = (text: string) => PasswordHash;

const formats: Readonly<Record<string, Read>> = {
  argon2id: readArgon2,
  argon2i: readArgon2,
  '2a': readBcrypt,
  '2b': readBcrypt,
  '2y': readBcrypt,
  scrypt: readScrypt,
  pbkdf2: pbkdf2With('sha1'),
  'pbkdf2-sha1': pbkdf2With('sha1'),
  'pbkdf2-sha256': pbkdf2With('sha256'),
  'pbkdf2-sha512': pbkdf2With('sha512'),
};

function readArgon2(text: string): PasswordHash {
  const [, type = '', version, parameters = '', ...digest] = text.split('$');
  const { m, t, p } = numbersIn(parameters, ['m', 't', 'p']);
  const { salt, hash } = digestOf(digest[0], digest[1], digest.slice(2));
  if (version !== 'v=19') throw new UnusableHash('is of an argon2 older than 1.3');
  if (p < 1 || t < 1 || m < 8 * p) throw new UnusableHash('has parameters that argon2 forbids');
  // As the library reads it and no other: no padding, no leading zeros, one alphabet.
  const canonical = `$${type}$v=19$m=${m},t=${t},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
  const isId = type === 'argon2id';
  return { kind: 'argon2', text: canonical, isId, KiB: m, passes: t, bytes: hash.length };
}

function readBcrypt(text: string): PasswordHash {
  const form = /^(\$2[aby]\$(\d\d)\$)([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/;
  const [, begin, cost, salt, hash] = form.exec(text) ?? [];
  if (begin === undefined || salt === undefined || hash === undefined) {
    throw new UnusableHash('is no complete bcrypt hash');
  }
  // 16 and 23 bytes; some libraries leave bits behind them that ours compares.
  const canonical = begin + withoutSpareBits(salt, 4) + withoutSpareBits(hash, 2);
  return { kind: 'bcrypt', text: canonical, cost: Number(cost) };
}

const BCRYPT_SIGNS = 53;
const BCRYPT_ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function withoutSpareBits(text: string, bits: number): string {
  const last = BCRYPT_ALPHABET.indexOf(text.slice(-1));
  return text.slice(0, -1) + BCRYPT_ALPHABET.charAt((last >> bits) << bits);
}

function readScrypt(text: string): PasswordHash {
  const [, , parameters = '', salt, hash, ...rest] = text.split('$');
  const { ln, r, p } = numbersIn(parameters, ['ln', 'r', 'p']);
  return { kind: 'scrypt', N: 2 ** ln, r, p, ...digestOf(salt, hash, rest) };
}

function pbkdf2With(digest: 'sha1' | 'sha256' | 'sha512'): Read {
  return (text) => {
    const [, , parameters = '', salt, hash, ...rest] = text.split('$');
    const rounds = /^(?:i=)?(\d{1,10})(?:,l=\d{1,3})?$/.exec(parameters)?.[1];
    if (rounds === undefined) throw new UnusableHash('does not say its iterations');
    return { kind: 'pbkdf2', digest, iterations: Number(rounds), ...digestOf(salt, hash, rest) };
  };
}

function numbersIn<Name extends string>(
  text: string,
  names: readonly Name[],
): Readonly<Record<Name, number>> {
  const form = new RegExp(`^${names.map((name) => `${name}=(\\d{1,10})`).join(',')}$`);
  const found = form.exec(text);
  if (!found) throw new UnusableHash(`does not say its parameters as ${names.join(', ')}`);
  // One group for each name, by the expression above.
  return Object.fromEntries(names.map((name, at) => [name, Number(found[at + 1])])) as Record<
    Name,
    number
  >;
}

function digestOf(salt: string | undefined, hash: string | undefined, rest: string[]): Digest {
  const [bytes, expected] = [decoded(salt), decoded(hash)];
  if (!bytes || !expected || rest.length > 0) throw new UnusableHash('is not complete');
  if (bytes.length < FEWEST_SALT_BYTES) throw new UnusableHash('has a salt that is too short');
  if (expected.length < FEWEST_HASH_BYTES) throw new UnusableHash('is too short');
  return { salt: bytes, hash: expected };
}

/** PHC strings are base 64; Python's passlib writes . for +, and others the alphabet of URLs. */
function decoded(text = ''): Buffer | undefined {
  const base64 = text.replaceAll(/[.-]/g, '+').replaceAll('_', '/');
  const bytes = Buffer.from(base64, 'base64');
  return unpadded(bytes) === base64.replace(/={1,2}$/, '') ? bytes : undefined;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** All that decides whether its verifier works at all: lengths of salt and hash, not these. */
export function parametersOf(hash: PasswordHash): string {
  switch (hash.kind) {
    case 'argon2':
      return hash.text.replace(
        /([^$]*)\$([^$]*)$/,
        (_, salt: string, digest: string) => `${salt.length}$${digest.length}`,
      );
    case 'bcrypt':
      return hash.text.slice(0, -BCRYPT_SIGNS);
    default:
      return JSON.stringify({ ...hash, salt: hash.salt.length, hash: hash.hash.length });
  }
}

/** The password as it is to be hashed; to be called behind a gate, because it is dear. */
export async function matches(stored: PasswordHash, password: string): Promise<boolean> {
  switch (stored.kind) {
    case 'argon2':
      return verify(stored.text, password);
    case 'bcrypt':
      return matchesBcrypt(stored.text, password);
    case 'scrypt':
      return isSame(stored, await derive(stored, password));
    case 'pbkdf2': {
      const { salt, hash, iterations, digest } = stored;
      return isSame(stored, await stretch(password, salt, iterations, hash.length, digest));
    }
  }
}

const stretch = promisify(pbkdf2);

function derive(
  { salt, hash, N, r, p }: PasswordHash & { kind: 'scrypt' },
  password: string,
): Promise<Buffer> {
  // It wants to be told that it may use what its parameters need.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hash.length, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}

const isSame = ({ hash }: Digest, derived: Buffer): boolean => timingSafeEqual(hash, derived);

const BCRYPT_BYTES = 72;

async function matchesBcrypt(text: string, password: string): Promise<boolean> {
  // Loaded by the few who moved in with one.
  const { verify: isEqual } = await import('@node-rs/bcrypt');
  const isCut = Buffer.byteLength(password) >= BCRYPT_BYTES || password.includes('\0');
  return (await isEqual(password, text)) && !isCut;
}
