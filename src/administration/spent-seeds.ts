/**
 * A seed that was removed may come back to its account, and with it codes that were used: so
 * its digest and its last time step stay for some minutes, longer than any code is good, and the
 * same seed begins from there (RFC 6238 §5.2). Expiry is judged when it is read.
 */
import { app } from '../credentials/app.ts';
import { wholeBytes } from '../credentials/seed.ts';
import { vaultOf } from '../credentials/vault.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { Unreadable } from '../lib/unreadable.ts';
import type { Account, Credential, SpentSeed } from '../models/account.ts';

export interface SpentSeedsDeps {
  readonly crypt: Crypt;
  readonly clock: Clock;
}

type Holder = Pick<Account, '_id' | 'spentSeeds'>;

const KEPT_SECONDS = 3 * 60;
/** More than anybody removes by hand meanwhile. */
const MOST_KEPT = 20;

const contextOf = ({ _id }: Holder): string => `accounts/${_id}/spent-seeds`;

/** What is kept once this credential is removed; undefined where it is no app that can be read. */
export function seedsAfter(
  account: Holder,
  removed: Credential,
  { crypt, clock }: SpentSeedsDeps,
): readonly SpentSeed[] | undefined {
  const now = clock.now();
  const stored = storedIn(removed);
  const seed = stored && seedOf(account, removed.id, { stored, crypt });
  if (!stored || seed === undefined) return undefined;
  const digest = crypt.digest(seed, contextOf(account));
  const until = secondsAfter(now, KEPT_SECONDS);
  const left = { digest, lastStep: stored.lastStep, until };
  return [...keptIn(account, now), ...(left.lastStep > 0 ? [left] : [])].slice(-MOST_KEPT);
}

/** A credential as it may be added: no code that was accepted from its seed is good again. */
export function afterSpent(
  account: Holder,
  added: Credential,
  { crypt, clock }: SpentSeedsDeps,
): Credential {
  const kept = keptIn(account, clock.now());
  const stored = kept.length === 0 ? undefined : storedIn(added);
  const seed = stored && seedOf(account, added.id, { stored, crypt });
  if (!stored || seed === undefined) return added;
  const its = kept.filter(({ digest }) => crypt.matches(seed, contextOf(account), digest));
  const lastStep = Math.max(stored.lastStep, ...its.map((spent) => spent.lastStep));
  return { ...added, data: { ...stored, lastStep } };
}

/** Whether one of the account's apps has this seed: held twice, each of its codes would be good twice. */
export const isSeedHeld = (
  account: Pick<Account, '_id' | 'credentials'>,
  secret: string,
  crypt: Crypt,
): boolean =>
  account.credentials.some((held) => {
    const stored = storedIn(held);
    return stored && seedOf(account, held.id, { stored, crypt }) === wholeBytes(secret);
  });

const storedIn = ({ kind, data }: Credential) =>
  kind === app.id ? app.stored.safeParse(data).data : undefined;

/** Undefined where nobody can open it: then no code of it is accepted either. */
function seedOf(
  { _id }: Holder,
  id: string,
  { stored, crypt }: { stored: { readonly seed: string }; crypt: Crypt },
): string | undefined {
  try {
    return wholeBytes(vaultOf(crypt, _id, id).open(stored.seed));
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Of what is stored, whatever it is. */
const keptIn = ({ spentSeeds }: { readonly spentSeeds?: unknown }, now: Date): SpentSeed[] =>
  Array.isArray(spentSeeds) ? spentSeeds.filter((one) => isKept(one, now)) : [];

function isKept(one: unknown, now: Date): one is SpentSeed {
  const { digest, lastStep, until } = (one ?? {}) as Readonly<Record<string, unknown>>; // read as unknown
  const isSound = typeof digest === 'string' && Number.isInteger(lastStep);
  return isSound && until instanceof Date && until > now;
}
