/**
 * A new password, chosen by whoever has just given the old one. Everything else that is signed in
 * ends with it; this session alone goes on, by what was proved in it lately.
 *
 * Why so: the account changes first, so a crash before the session hears of it costs the person a
 * sign-in with the new password.
 */
import { type Proof, provedAtOf } from '../assurance/proof.ts';
import type { NewPasswords, TypedPassword } from '../flow/new-password.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Transitions } from '../flow/transitions.ts';
import { secondsAfter } from '../lib/clock.ts';
import { CHANGE_SECONDS } from '../verification/goal-to-change.ts';
import type { Change } from './change.ts';

export interface NewPasswordDeps {
  readonly newPasswords: NewPasswords;
  /** Ends all sessions but one, and has their apps told. */
  readonly endSessions: (accountId: string, kept?: string) => Promise<void>;
  readonly records: { reprove(session: string, proofs: readonly Proof[]): Promise<boolean> };
  readonly client: { readonly id: string };
}

export const createNewPassword =
  (deps: NewPasswordDeps, say: Transitions<Change>['say']) =>
  async (
    change: Change,
    typed: TypedPassword,
    visit: RequestContext,
  ): Promise<Change | undefined> => {
    const { account, flow, proofs, now } = change;
    if (!account) return undefined;
    const from = { ...visit.from, client: deps.client.id };
    const chosen = await deps.newPasswords.choose(account, typed, from);
    if (!chosen) return undefined;
    const { passwordFlaw: _, ...facts } = flow.facts;
    if (chosen.outcome === 'refused') {
      return say(change, { ...facts, passwordFlaw: chosen.flaw }, visit);
    }
    const { session } = flow.request;
    const since = secondsAfter(now, -CHANGE_SECONDS);
    const at = new Date(chosen.changedAt.getTime() + 1);
    const lately = [...proofs, ...flow.proofs].filter((proof) => provedAtOf(proof) >= since);
    await deps.records.reprove(
      session,
      lately.map((proof) => ({ ...proof, at, provedAt: provedAtOf(proof) })),
    );
    await deps.endSessions(account._id, session);
    return { ...change, flow: { ...flow, facts: { ...facts, passwordChanged: true } } };
  };
