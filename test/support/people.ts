/**
 * The people of the stories, with credentials that stories know.
 */
import { generateSync } from 'otplib';

import type { Credential } from '../../src/models/account.ts';

export interface Person {
  readonly username: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly phone?: string;
  readonly seed?: string;
  readonly recoveryCodes?: readonly string[];
  /** The private key of an approver: PKCS #8, base64url. */
  readonly approver?: string;
}

export const people = {
  /** An authenticator app, a phone and recovery codes. */
  ada: {
    username: 'ada',
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    password: 'ada walks to the lighthouse',
    phone: '+447700900156',
    seed: 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP',
    recoveryCodes: ['7QK2-M9XD-4TRA-B6WZ', 'P3HN-80VC-JY5E-2SGF'],
  },
  /** A phone and nothing else. */
  bob: {
    username: 'bob',
    name: 'Bob Martin',
    email: 'bob@example.org',
    password: 'bob bakes bread on sundays',
    phone: '+14255550134',
  },
  /** A phone with an approver on it, and nothing else. */
  dan: {
    username: 'dan',
    name: 'Dan Ritter',
    email: 'dan@example.org',
    password: 'dan paints old harbours',
    seed: 'KRUGS4ZANFZSA3TPOQQGCIDSMVQWYIDT',
    approver:
      'MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaX4laFaGtarfpZGGyOGhwJ9bNn5FYVX3C2o7uKN2-9yhRANCAARk_BVgewBiQ4JXQ4Vk6tmkLW7vyY502eg1qRzcx7FKCxoL7PP_WTY2kLUkHQpWdW49SlcyH7VzTNHkV31mvMx-',
  },
  /** No second method at all. */
  cleo: {
    username: 'cleo',
    name: 'Cleo Okafor',
    email: 'cleo@example.org',
    password: 'cleo crosses quiet rivers',
  },
} as const satisfies Record<string, Person>;

export type PersonName = keyof typeof people;

/** What an authenticator app with this seed shows now. */
export const appCode = (seed: string, at = new Date()): string =>
  generateSync({ secret: seed, epoch: Math.floor(at.getTime() / 1000) });

export const credential = (id: string, kind: string, data: unknown): Credential => ({
  id,
  kind,
  data,
  version: 0,
  addedAt: new Date(),
});
