/**
 * What can be wrong about an answer by a key, one part at a time (WebAuthn Level 3 §7.1, §7.2).
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

import { flag, type Twist } from './authenticator.ts';
import { cbor, type CborValue } from './cbor.ts';

export type Defects = Readonly<Record<string, Twist>>;

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const encoded = (bytes: Buffer | string): string => Buffer.from(bytes).toString('base64url');
const sha256 = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

/** What the browser says besides, and signs as it is. */
const says = (clientData: Readonly<Record<string, unknown>>): Twist => ({ clientData });

/** Of both ceremonies. */
const ofBoth = (issuer: string): Defects => {
  const { port, host } = new URL(issuer);
  return {
    'no type': says({ type: undefined }),
    'a type that nobody knows': says({ type: 'payment.get' }),
    'the type in capitals': says({ type: 'WEBAUTHN.CREATE' }),
    'another challenge': says({ challenge: encoded(randomBytes(32)) }),
    'an empty challenge': says({ challenge: '' }),
    'no challenge': says({ challenge: undefined }),
    'https for http': says({ origin: `https://${host}` }),
    'another port': says({ origin: `http://localhost:${Number(port) + 1}` }),
    'no port': says({ origin: 'http://localhost' }),
    'a subdomain': says({ origin: `http://evil.${host}` }),
    'an origin that begins as ours': says({ origin: `${issuer}.evil.example` }),
    'an origin with a path': says({ origin: `${issuer}/` }),
    'another origin': says({ origin: 'http://evil.example' }),
    'no origin': says({ origin: undefined }),
    'an app in place of a page': says({ origin: 'android:apk-key-hash:AAAA' }),
    'a frame of somebody else': says({ crossOrigin: true }),
    'a frame that is said in words': says({ crossOrigin: 'true' }),
    'a page around it': says({ topOrigin: 'https://evil.example' }),
    'a page of ours around it': says({ topOrigin: issuer }),
    'a token binding of no status': says({ tokenBinding: { status: 'odd' } }),
    'another domain': { rpId: 'evil.example' },
    'a domain above': { rpId: 'host' },
    'nobody there': { clears: flag.UP },
    'a copy that cannot be': { sets: flag.BS },
    'bytes at the end': { trailing: Buffer.from([0]) },
    'extensions that are not there': { sets: flag.ED },
    'extensions cut short': { sets: flag.ED, trailing: Buffer.from([0xa1, 0x61]) },
    'an id of 1024 bytes': { answer: { id: encoded(Buffer.alloc(1024, 1)) } },
    'an id with padding': { answer: { id: `${encoded(randomBytes(32))}=` } },
    'an id of another key': { answer: { id: encoded(randomBytes(32)) } },
    'an id that is a list': { answer: { id: ['a'] } },
    'no id': { answer: { id: undefined } },
    'another kind of credential': { answer: { type: 'password' } },
    'no answer within': { answer: { response: undefined } },
    'client data that are no JSON': { response: { clientDataJSON: encoded('{') } },
    'client data that are a list': { response: { clientDataJSON: encoded('[]') } },
    'client data that are no object': { response: { clientDataJSON: encoded('null') } },
    'client data in base64 with signs': { response: { clientDataJSON: 'e30+/w==' } },
    'no client data': { response: { clientDataJSON: undefined } },
  };
};

export const defectsOfMaking = (issuer: string): Defects => ({
  ...ofBoth(issuer),
  'the type of the other ceremony': says({ type: 'webauthn.get' }),
  'no new key in it': { clears: flag.AT },
  'an algorithm that was not asked for': { algorithm: -35 },
  'an algorithm that nobody knows': { algorithm: 4711 },
  'an id of 1024 bytes within': { credentialId: Buffer.alloc(1024, 1) },
  'a format that nobody knows': { format: 'golden' },
  'nobody’s word with a statement': { statement: new Map([['sig', randomBytes(70)]]) },
  'a statement that is a list': { statement: [] },
  'its own word, signed by another': { format: 'packed', attests: attestedBy(stranger) },
  'its own word over other data': {
    format: 'packed',
    attests: (_, key) => statementOf(sign('sha256', randomBytes(32), key)),
  },
  'its own word without a signature': { format: 'packed', statement: new Map([['alg', -7]]) },
  'its own word of another algorithm': {
    format: 'packed',
    attests: (data, key) => statementOf(sign('sha256', data, key), -257),
  },
  'its own word, its format named for another': { format: 'fido-u2f', attests: own },
  'a certificate that is none': {
    format: 'packed',
    attests: (data, key) =>
      new Map<string, CborValue>([
        ...statementOf(sign('sha256', data, key)),
        ['x5c', [Buffer.from('no certificate')]],
      ]),
  },
  'no attestation': { response: { attestationObject: undefined } },
  'an attestation cut short': {
    attestationObject: cbor(new Map([['fmt', 'none']])).subarray(0, 6),
  },
  'an attestation without its parts': { attestationObject: cbor(new Map([['fmt', 'none']])) },
  'an attestation that is a number': { attestationObject: cbor(7) },
  'bytes of 4 GB': { attestationObject: Buffer.from('5affffffff00', 'hex') },
  'a map of 2^53 entries': { attestationObject: Buffer.from('bb001fffffffffffff6161', 'hex') },
  'lists in lists': { attestationObject: Buffer.alloc(20_000, 0x81) },
  'tags upon tags': { attestationObject: Buffer.alloc(20_000, 0xc1) },
  'far too much': { attestationObject: Buffer.alloc(40_000) },
});

/** By which a key vouches for itself. */
export const statementOf = (signature: Buffer, algorithm = -7) =>
  new Map<string, number | Buffer>([
    ['alg', algorithm],
    ['sig', signature],
  ]);

const attestedBy = (key: KeyObject) => (data: Buffer) => statementOf(sign('sha256', data, key));
const own = (data: Buffer, key: KeyObject) => statementOf(sign('sha256', data, key));

/** For the control: a key may vouch for itself. */
export const vouchesForItself: Twist = { format: 'packed', attests: own };

/** Whatever the key is asked for. */
export const defectsOfUsing = (issuer: string): Defects => ({ ...ofBoth(issuer), ...ofUsing });

export const ofUsing: Defects = {
  'the type of the other ceremony': says({ type: 'webauthn.create' }),
  'a key that may be copied now': { sets: flag.BE },
  'a wrong signature': { signs: () => randomBytes(70) },
  'an empty signature': { signs: () => Buffer.alloc(0) },
  'a signature by another key': { signs: (data) => sign('sha256', data, stranger) },
  'a signature of other data': { signs: (_, key) => sign('sha256', randomBytes(69), key) },
  'a signature of client data that are not its own': {
    signs: (data, key) => sign('sha256', Buffer.concat([data.subarray(0, -32), sha256(data)]), key),
  },
  'a signature of another digest': { signs: (data, key) => sign('sha512', data, key) },
  'a signature as plain numbers': {
    signs: (data, key) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
  },
  'a signature of noughts': { signs: () => Buffer.from('3006020100020100', 'hex') },
  'the account of another': { response: { userHandle: encoded(randomBytes(32)) } },
  'an account that is a number': { response: { userHandle: 7 } },
  'no authenticator data': { response: { authenticatorData: undefined } },
  'authenticator data cut short': { response: { authenticatorData: encoded(randomBytes(36)) } },
  'a new key that is not there': { sets: flag.AT },
};

/** Client data as they are written, bytes and all, and signed so. */
export const rawClientData = (bytes: Buffer): Twist => ({
  response: { clientDataJSON: encoded(bytes) },
  signs: (data, key) => sign('sha256', Buffer.concat([data.subarray(0, -32), sha256(bytes)]), key),
});
