/**
 * Proofs of one account, so many hours old, as methods bring them.
 */
import type { Factor, Proof, Trait } from '../../../src/assurance/proof.ts';

export const now = new Date('2026-11-22T12:00:00Z');
export const ago = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

const proofBy =
  (method: string, factor: Factor, amr: readonly string[], traits?: readonly Trait[]) =>
  (hours = 0): Proof => ({
    ...{ account: 'x', method, credential: method, factor, amr, at: ago(hours) },
    ...(traits && { traits }),
  });

export const password = proofBy('password', 'knowledge', ['pwd']);
export const code = proofBy('code', 'possession', ['otp']);
export const text = proofBy('text', 'possession', ['sms']);
export const pass = proofBy('pass', 'pass', ['otp'], ['stands-alone', 'recovers']);
export const key = proofBy('key', 'possession', ['pop', 'swk'], ['phishing-resistant']);
/** Of a browser that is not to ask again: as old as the second step that was given there. */
export const trust = proofBy('trusted-browser', 'trust', []);
export const loneKey = proofBy(
  'key',
  'possession',
  ['pop', 'swk', 'user', 'mfa'],
  ['phishing-resistant', 'stands-alone'],
);
export const hardwareKey = proofBy(
  'key',
  'possession',
  ['pop', 'hwk', 'user', 'mfa'],
  ['phishing-resistant', 'hardware-bound'],
);
