// What a phone signs, and how: ECDSA over P-256 with SHA-256, the lines of a text joined by
// line feeds. The first line says what for, so that no signature can serve for something else.
import { toBase64url } from './encode.js';

const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

export const pairText = ({ code, key }) => lines('doorstep/pair', code, key);

export const helloText = ({ device, nonce }) => lines('doorstep/hello', device, nonce);

export const answerText = ({ challenge, nonce, decision, number, counter }) =>
  lines('doorstep/answer', challenge, nonce, decision, number, counter);

/** In the form of IEEE P1363, which is what WebCrypto makes, as base64url. */
export async function sign(key, text) {
  const signature = await crypto.subtle.sign(ALGORITHM, key, new TextEncoder().encode(text));
  return toBase64url(signature);
}

const lines = (...parts) => parts.join('\n');
