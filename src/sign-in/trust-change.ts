/**
 * "Don't ask again on this browser", as a sign-in leaves it: who may choose it, and what the last
 * write, the browser's cookie and the session say of it then. Pure, but for a new one's id.
 */
import { isAtLeast } from '../assurance/levels.ts';
import { acr, type Proof } from '../assurance/proof.ts';
import { trustOf } from '../assurance/trusted-browser.ts';
import type { HeldTrust } from '../flow/browser.ts';
import { secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Account } from '../models/account.ts';
import type { TrustChange } from '../models/trusted-browser.ts';
import type { SignIn } from './sign-in.ts';

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Asked only where it would spare this very sign-in something the next time: not where the app itself
 * demands two steps, unless policy lets it satisfy apps, and never for a level above; and beside a
 * password alone, because next time that is what is left to give.
 *
 * Also in a browser that is trusted already and was asked all the same, as by `prompt=login`, or a
 * day later for an app: from then on the days are counted anew.
 */
export const isTrustOffered = (
  { goal, proofs }: Pick<SignIn, 'goal' | 'proofs'>,
  days: number,
): boolean =>
  days > 0 &&
  isAtLeast(acr.mfa, goal.acr) &&
  (goal.isPolicysOwn === true || goal.trustSatisfies === true) &&
  proofs.some(({ factor }) => factor === 'knowledge');

interface Ending extends Pick<SignIn, 'flow' | 'goal' | 'proofs' | 'trust' | 'isByTrust'> {
  readonly account: Account;
}

interface Circumstances {
  readonly now: Date;
  /** For how long people may choose it. */
  readonly days: number;
  /** When the sign-in began. */
  readonly begunAt: Date;
  /** As people know it. */
  readonly browser: string | undefined;
}

/** What the write that ends this sign-in does about it. */
export function changeOf(ending: Ending, circumstances: Circumstances): TrustChange | undefined {
  const { trust, isByTrust } = ending;
  if (isByTrust && trust) return { uses: trust.kept, isRaised: trust.state === 'held' };
  const { now, days, browser } = circumstances;
  const proved = provedHere(ending, circumstances.begunAt);
  const isWanted = ending.flow.facts.trustBrowser && isTrustOffered(ending, days);
  if (!isWanted || !proved) return undefined;
  const begins = {
    ...{ id: randomId(), number: 1, provedAt: proved.at, lastUsedAt: now },
    until: secondsAfter(proved.at, days * DAY_SECONDS),
    ...(browser !== undefined && { browser }),
  };
  return { begins, replaces: trust?.kept.id };
}

/** The last second step of this very sign-in, unless it was set up in it. */
function provedHere({ proofs, account }: Ending, begunAt: Date): Proof | undefined {
  const isOlder = ({ credential }: Proof): boolean =>
    account.credentials.some(({ id, addedAt }) => id === credential && addedAt < begunAt);
  return proofs
    .filter((proof) => proof.factor === 'possession' && proof.at >= begunAt && isOlder(proof))
    .toSorted((a, b) => a.at.getTime() - b.at.getTime())
    .at(-1);
}

interface After {
  /** What this browser's cookie says of it. */
  readonly held?: HeldTrust;
  /** What the session knows: it goes on when the second step fades that was given here. */
  readonly proofs: readonly Proof[];
}

/** What is left of it when the sign-in is over; a trust that was not used is none in the session. */
export function trustAfter(change: TrustChange | undefined, ending: Ending): After {
  const { proofs, account, trust } = ending;
  if (change && 'begins' in change) {
    const { id, number } = change.begins;
    return { held: { id, number }, proofs: [...proofs, trustOf(account._id, change.begins)] };
  }
  if (trust?.state !== 'held' && trust?.state !== 'just-used') return { proofs };
  const { id, number } = trust.kept;
  return { held: { id, number: number + Number(change?.isRaised ?? false) }, proofs };
}
