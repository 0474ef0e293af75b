/**
 * "Don't ask again on this browser", as a sign-in finds it: whether this browser's cookie still
 * names what the account keeps, and what stands in for the second step then. Pure.
 *
 * Why so (2026-11): a number that is one too old within a minute of its last use is a second tab,
 * or an answer that was lost on the way; any other old number is a copy of the cookie, and ends the
 * trust for whoever has it. A cookie that is ahead of its account (a restored database) is worth
 * nothing, and no copy either.
 */
import type { Proof } from '../assurance/proof.ts';
import { trustOf } from '../assurance/trusted-browser.ts';
import type { Browser, HeldTrust } from '../flow/browser.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import { trustedIn, type TrustedBrowser } from '../models/trusted-browser.ts';

/** Of a second tab, or of an answer that did not arrive. */
const GRACE_SECONDS = 60;

/** What this browser is to the account: one that it trusts, or a copy of one. */
export interface Trust {
  readonly kept: TrustedBrowser;
  readonly state: 'held' | 'just-used' | 'copied' | 'ahead';
}

interface Judging {
  readonly now: Date;
  readonly days: number;
}

/** Undefined where the account trusts no browser by that name. */
export function trustHere(browser: Browser, account: Account, judging: Judging): Trust | undefined {
  const ours = browser.accounts.flatMap(({ trust }) => trust ?? []);
  for (const kept of trustedIn(account, judging)) {
    const held = ours.find(({ id }) => id === kept.id);
    if (held) return { kept, state: stateOf(held, kept, judging.now) };
  }
  return undefined;
}

function stateOf({ number }: HeldTrust, kept: TrustedBrowser, now: Date): Trust['state'] {
  if (number === kept.number) return 'held';
  if (number > kept.number) return 'ahead';
  const isJustUsed = now < secondsAfter(kept.lastUsedAt, GRACE_SECONDS);
  return number === kept.number - 1 && isJustUsed ? 'just-used' : 'copied';
}

/** What stands in for the second step, where this browser is trusted. */
export const standInOf = (account: Account, trust: Trust | undefined): readonly Proof[] =>
  trust?.state === 'held' || trust?.state === 'just-used' ? [trustOf(account._id, trust.kept)] : [];
