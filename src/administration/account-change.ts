/**
 * What is known of a person, changed by an administrator: only what is said, and nothing that
 * lets somebody in but the mail address, which is a name to sign in by.
 */
import { isDeepStrictEqual } from 'node:util';

import { type Account, identifiersOf } from '../models/account.ts';
import type { Changes } from '../models/account-directory.ts';
import { isDuplicate } from '../models/duplicate.ts';
import type { AccountDeps, Changed } from './deps.ts';
import { named } from './people.ts';
import { datedAfter, type PersonChange, profileAfter, readPersonChange } from './person.ts';
import { Refusal, untilWritten } from './refusal.ts';

export type ChangeDeps = Pick<AccountDeps, 'people' | 'directory' | 'telling' | 'clock'>;

export interface ChangeWish {
  /** Of an address, too, only what is said is replaced. */
  readonly said: PersonChange;
  readonly reason?: string | undefined;
}

export async function changePerson(
  typed: string,
  { said: given, reason }: ChangeWish,
  { people, directory, telling, clock }: ChangeDeps,
): Promise<Changed> {
  const said = readPersonChange(given);
  try {
    const read = await untilWritten(
      () => people.findToChange(typed),
      async (read) => {
        const changes = changesOf(read, said, clock.now());
        const what = partsOf(read, changes);
        if (what.length === 0) return true;
        const subject = { account: read._id, reason, ...formerAddressOf(read, what) };
        const told = telling.event('account.changed', { what }, subject);
        return telling.with(read._id, [told], (events) =>
          directory.change(read, changes, { events }),
        );
      },
    );
    const isChanged = partsOf(read, changesOf(read, said, clock.now())).length > 0;
    return { ...named(read), isChanged };
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    throw new Refusal('names-taken', { names: [said.email ?? ''] });
  }
}

function changesOf(read: Account, { address, ...said }: PersonChange, now: Date): Changes {
  const next = profileAfter(read.profile, {
    ...said,
    ...(address && { address: { ...read.profile.address, ...address } }),
  });
  if (said.emailVerified !== undefined && next.email === undefined) {
    throw new Refusal('email-missing');
  }
  if (said.phoneNumberVerified !== undefined && next.phoneNumber === undefined) {
    throw new Refusal('phone-number-missing');
  }
  const profile = datedAfter(read.profile, next, now);
  return {
    ...(said.name !== undefined && said.name !== read.name && { name: said.name }),
    ...(!isDeepStrictEqual(profile, read.profile) && {
      profile,
      identifiers: identifiersOf({ username: read.username, profile }),
    }),
  };
}

/** Where the address is changed, the old one is told as well. */
export const formerAddressOf = ({ profile }: Account, what: readonly string[]) =>
  what.includes('email') ? { formerAddress: profile.email } : {};

/** Of an account that becomes so: what is said anew, and not that it was. */
export function partsOf(read: Account, { name, profile = read.profile }: Changes): string[] {
  const before = new Map<string, unknown>(Object.entries(read.profile));
  const parts = Object.entries(profile)
    .filter(([part, value]) => part !== 'updatedAt' && !isDeepStrictEqual(value, before.get(part)))
    .map(([part]) => part);
  return [...(name === undefined ? [] : ['name']), ...parts];
}
