/**
 * What a security key does (WebAuthn Level 3 §6), as a toy: its private keys are plain text, and
 * it claims that it made sure of its user without ever asking. It counts nothing, because a key
 * that is in several browsers at once would seem to go back.
 */
/* global crypto, location, TextEncoder */
import { fromBase64url, toBase64url } from '/assets/approver/encode.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' };
const USER_PRESENT = 1;
const USER_VERIFIED = 4;
const HAS_NEW_KEY = 64;
const NO_COUNT = [0, 0, 0, 0];
const NO_MODEL = Array(16).fill(0);
const ID_LENGTH = 32;

/** A new key, and what the page hears of it (§6.3.2). */
export async function make({ challenge, rp, user }) {
  const pair = await crypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const jwk = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const id = crypto.getRandomValues(new Uint8Array(ID_LENGTH));
  const data = await authenticatorData(rp.id, USER_PRESENT | USER_VERIFIED | HAS_NEW_KEY, [
    ...[...NO_MODEL, 0, ID_LENGTH, ...id],
    ...publicKeyOf(jwk),
  ]);
  const key = {
    username: user.name,
    credentialId: toBase64url(id),
    userHandle: toBase64url(user.id),
    jwk,
  };
  const credential = heardOf(key, {
    clientDataJSON: clientData('webauthn.create', challenge),
    attestationObject: withoutStatement(data),
    getTransports: () => [],
  });
  return { key, credential };
}

/** What the page hears when this key is used (§6.3.3). */
export async function use(key, { challenge, rpId }) {
  const data = await authenticatorData(rpId, USER_PRESENT | USER_VERIFIED);
  const client = clientData('webauthn.get', challenge);
  const signer = await crypto.subtle.importKey('jwk', key.jwk, P256, false, ['sign']);
  const signed = bytes(...data, ...(await sha256(client)));
  const raw = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, signer, signed);
  return heardOf(key, {
    clientDataJSON: client,
    authenticatorData: data,
    signature: derOf(new Uint8Array(raw)),
    userHandle: fromBase64url(key.userHandle).buffer,
  });
}

/** As much of a PublicKeyCredential as pages look at. */
const heardOf = ({ credentialId }, response) => ({
  id: credentialId,
  rawId: fromBase64url(credentialId).buffer,
  type: 'public-key',
  authenticatorAttachment: 'cross-platform',
  response,
  getClientExtensionResults: () => ({}),
});

const clientData = (type, challenge) =>
  new TextEncoder().encode(
    JSON.stringify({
      ...{ type, challenge: toBase64url(challenge) },
      ...{ origin: location.origin, crossOrigin: false },
    }),
  );

async function authenticatorData(rpId, flags, more = []) {
  const whose = await sha256(new TextEncoder().encode(rpId));
  return bytes(...whose, flags, ...NO_COUNT, ...more);
}

/** COSE_Key in CBOR: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
const publicKeyOf = ({ x, y }) => [
  ...[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32, ...fromBase64url(x)],
  ...[0x22, 0x58, 32, ...fromBase64url(y)],
];

/** In CBOR: {"fmt": "none", "attStmt": {}, "authData": data}. */
const withoutStatement = (data) =>
  bytes(
    ...[0xa3, ...text('fmt'), ...text('none'), ...text('attStmt'), 0xa0],
    ...[...text('authData'), 0x58, data.length, ...data],
  );

const text = (words) => [0x60 + words.length, ...new TextEncoder().encode(words)];

/** WebCrypto's two numbers side by side, as the ASN.1 that WebAuthn wants (§6.5.5). */
function derOf(raw) {
  const numbers = [raw.slice(0, 32), raw.slice(32)].flatMap((number) => {
    const digits = [...number.slice(number.findIndex((byte) => byte !== 0))];
    // With its first bit set it would be negative.
    if (digits[0] > 127) digits.unshift(0);
    return [2, digits.length, ...digits];
  });
  return bytes(0x30, numbers.length, ...numbers);
}

const bytes = (...all) => Uint8Array.from(all);
const sha256 = async (data) => new Uint8Array(await crypto.subtle.digest('SHA-256', data));
