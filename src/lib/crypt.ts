/**
 * Keeps secrets in the database: sealed where we must read them again, digested where we
 * only compare. Every call names a context (collection, field, owner), so a value moved to
 * another place no longer opens or matches.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

export interface Crypt {
  /** AES-256-GCM with a fresh 96-bit nonce; the newest key seals. */
  seal(text: string, context: string): string;
  /** Throws when the text was altered, belongs elsewhere, or its key is gone. */
  open(sealed: string, context: string): string;
  /** Sealed anew where an older key did it; undefined where there is nothing to do. */
  renew(sealed: string, context: string): string | undefined;
  /** HMAC-SHA-256, for short codes that a plain hash could not protect. */
  digest(text: string, context: string): string;
  matches(text: string, context: string, digest: string): boolean;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface KeyPair {
  readonly id: string;
  readonly sealing: KeyObject;
  readonly digesting: KeyObject;
}

/** `secrets` are the master secrets, newest first; older ones only open and match. */
export function createCrypt(secrets: readonly string[]): Crypt {
  const keys = secrets.map(deriveKeys);
  const [newest] = keys;
  if (!newest) throw new Error('no encryption secret was given');

  return {
    seal: (text, context) => seal(newest, text, context),
    open(sealed, context) {
      const key = keys.find(({ id }) => sealed.startsWith(`${id}.`));
      if (!key) throw new Error('sealed with a key that is not here');
      return open(key, sealed, context);
    },
    renew(sealed, context) {
      const older = keys.slice(1).find(({ id }) => sealed.startsWith(`${id}.`));
      return older && seal(newest, open(older, sealed, context), context);
    },
    digest: (text, context) => digest(newest, text, context),
    matches: (text, context, expected) =>
      keys.some((key) => isEqual(digest(key, text, context), expected)),
  };
}

function deriveKeys(secret: string): KeyPair {
  const derive = (use: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'doorstep', use, bytes));
  return {
    id: derive('key id', 6).toString('base64url'),
    // Made once: of a bare buffer, Node would make a key object at every use, for 15 µs.
    sealing: createSecretKey(derive('seal', 32)),
    digesting: createSecretKey(derive('digest', 32)),
  };
}

function seal({ id, sealing }: KeyPair, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealing, nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `${id}.${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')}`;
}

function open({ id, sealing }: KeyPair, sealed: string, context: string): string {
  const text = sealed.slice(id.length + 1);
  const bytes = Buffer.from(text, 'base64url');
  // Decoding skips what is no base64url, and bits beyond the last byte.
  if (bytes.toString('base64url') !== text) throw new Error('altered after it was sealed');
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  // A short tag would be accepted by default and is easier to forge.
  const decipher = createDecipheriv('aes-256-gcm', sealing, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
  const body = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}

// The length in front keeps "a" + "bc" apart from "ab" + "c".
const digest = ({ digesting }: KeyPair, text: string, context: string): string =>
  createHmac('sha256', digesting)
    .update(`${context.length}:${context}`)
    .update(text)
    .digest('base64url');

function isEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
