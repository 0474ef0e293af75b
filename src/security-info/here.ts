/**
 * Whose pages these are: the account of the browser's session, with what it proved and still
 * counts. Nobody, where an administrator or a sign-out elsewhere has ended it meanwhile.
 */
import { isTrust, stillHeld } from '../assurance/trusted-browser.ts';
import type { Proof } from '../assurance/proof.ts';
import type { SignedInBrowser } from '../flow/request-context.ts';
import type { Clock } from '../lib/clock.ts';
import type { Account, Accounts } from '../models/account.ts';
import { isHeldIn } from '../models/removed-credential.ts';
import { trustedIn } from '../models/trusted-browser.ts';

export interface Here {
  readonly account: Account;
  /** The session's record. */
  readonly session: string;
  readonly proofs: readonly Proof[];
}

export interface HereDeps {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly clock: Clock;
  /** For how many days policy trusts browsers at most; 0: none. */
  readonly trustedDays: () => number;
}

export type WhoIsHere = ReturnType<typeof createWhoIsHere>;

export const createWhoIsHere =
  ({ accounts, clock, trustedDays }: HereDeps) =>
  async (session: SignedInBrowser | undefined): Promise<Here | undefined> => {
    const account = session && (await accounts.findById(session.accountId));
    if (!session || !account || account.disabledAt || account.passwordChangeDueAt) return undefined;
    const judging = { now: clock.now(), days: trustedDays() };
    const counting = { session: session.record, now: judging.now };
    const proofs = stillHeld(session.proofs, trustedIn(account, judging)).filter(
      (proof) => stillCounts(proof, account) && isProvable(proof, account, counting),
    );
    return proofs.length > 0 ? { account, session: session.record, proofs } : undefined;
  };

const stillCounts = ({ at }: Proof, { signedOutAt }: Account): boolean =>
  !(signedOutAt && at <= signedOutAt);

/** Whoever took away what they proved it by has proved it all the same, and nobody else. */
const isProvable = (
  proof: Proof,
  account: Account,
  counting: Parameters<typeof isHeldIn>[2],
): boolean => isTrust(proof) || isHeldIn(account, proof.credential, counting);
