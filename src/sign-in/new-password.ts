/**
 * The act that gives an account a new password: whatever was signed in or proved before ends
 * with it, and this sign-in alone goes on.
 *
 * Why so: the account changes first, so a crash before the flow hears of it costs the person a
 * sign-in with the new password. What this sign-in proved counts from the change on, because
 * any earlier moment is also that of a stranger's sign-in; it was all proved within the
 * minutes that a sign-in may take, and after the password was known to be known.
 */
import type { RequestContext } from '../flow/request-context.ts';
import type { Transitions } from '../flow/transitions.ts';
import type { Flows } from '../models/flow.ts';
import type { NewPasswords, TypedPassword } from '../flow/new-password.ts';
import type { SignIn, SignIns } from './sign-in.ts';

export interface NewPasswordDeps {
  readonly flows: Flows;
  readonly signIns: SignIns;
  readonly newPasswords: NewPasswords;
  /** Ends all sessions but one, and has their apps told. */
  readonly endSessions: (accountId: string, kept?: string) => Promise<void>;
}

export const createNewPassword =
  (deps: NewPasswordDeps, say: Transitions<SignIn>['say']) =>
  async (
    signIn: SignIn,
    typed: TypedPassword,
    visit: RequestContext,
  ): Promise<SignIn | undefined> => {
    const { account, flow } = signIn;
    if (!account) return undefined;
    const from = { ...visit.from, client: flow.request.clientId };
    const chosen = await deps.newPasswords.choose(account, typed, from);
    if (!chosen) return undefined;
    const { passwordFlaw: _, ...facts } = flow.facts;
    if (chosen.outcome === 'refused') {
      return say(signIn, { ...facts, passwordFlaw: chosen.flaw }, visit);
    }
    const at = new Date(chosen.changedAt.getTime() + 1);
    const proofs = signIn.proofs.map((proof) => ({ ...proof, at }));
    const after = await deps.flows.record(flow, {
      facts: { ...facts, passwordSettled: true },
      proofs,
      challenge: undefined,
      pending: [],
    });
    // The browser comes back to the provider with the session that it left with, or is refused.
    await deps.endSessions(account._id, flow.request.sessionRecord);
    return after && deps.signIns.withFacts(after, visit);
  };
