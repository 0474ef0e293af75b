/**
 * Seeds of authenticator apps as text: base 32 (RFC 4648 §6) of whole bytes, which is all that
 * a verifier takes, although apps take more.
 */
import { generateSync } from 'otplib';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;

/** How many bits of the seed count. */
export const bitsOf = (seed: string): number => Math.floor((seed.length * BITS) / 8) * 8;

/**
 * The seed less the bits behind its last whole byte, which apps leave out: others made seeds of
 * any number of signs, and the codes that phones show are of the bytes alone.
 */
export function wholeBytes(seed: string): string {
  const signs = Math.ceil(bitsOf(seed) / BITS);
  const spare = signs * BITS - bitsOf(seed);
  const last = ALPHABET.indexOf(seed.charAt(signs - 1));
  return seed.slice(0, Math.max(0, signs - 1)) + ALPHABET.charAt((last >> spare) << spare);
}

/** Whether codes can be made of it at all, found out by making one. */
export function isUsable(seed: string): boolean {
  try {
    return generateSync({ secret: wholeBytes(seed) }) !== '';
  } catch {
    return false;
  }
}
