/**
 * How a finished flow is handed back to the library, which waits at `/auth/<uid>`.
 *
 * Why so: level and time of a sign-in are computed here from its proofs and taken from nowhere
 * else, because the library believes whatever a result says; and a result is written
 * whole, because the library's own merge would let a later step inherit an earlier one. It
 * stands beside the interaction, so that nobody has to read that first.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { errors, type InteractionResults } from 'oidc-provider';

import { amrOf } from '../assurance/amr.ts';
import { levelOf, type TrustRules } from '../assurance/levels.ts';
import type { Proof } from '../assurance/proof.ts';
import type { Clock } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../models/oidc-record.ts';
import type { TrustedBrowser } from '../models/trusted-browser.ts';
import { holdsInteraction } from './cookies.ts';
import type { Payloads } from './sealed-payloads.ts';
import { authTime } from './session.ts';

export interface SignedIn {
  readonly accountId: string;
  /** All that count: what the session already knew, and what was proved now. */
  readonly proofs: readonly Proof[];
  /** "Stay signed in". */
  readonly remember: boolean;
  /** From `saveConsent`; absent where nothing had to be asked. */
  readonly grantId?: string;
  readonly trust?: TrustRules;
  /** What this browser's cookie says by now of the trust that it has, for when that gets lost. */
  readonly held?: HeldTrust | undefined;
}

type HeldTrust = Pick<TrustedBrowser, 'id' | 'number'>;

/** The library's, and what it hands on without looking at it. */
export interface Result extends InteractionResults {
  readonly held?: HeldTrust;
}

export type Refusal = 'access_denied' | 'login_required' | 'unmet_authentication_requirements';

export function signedIn(
  { accountId, proofs, remember, grantId, trust = {}, held }: SignedIn,
  now: Date,
): Result {
  const kept = newest(proofs);
  const reached = levelOf(kept, now, trust);
  if (!reached) throw new Error('a sign-in was finished without proofs');
  return {
    login: {
      accountId,
      acr: reached,
      amr: amrOf(kept, now),
      ts: authTime(kept),
      remember,
      proofs: kept,
    },
    // Only where it was asked: its mere presence satisfies prompt=consent.
    ...(grantId !== undefined && { consent: { grantId } }),
    ...(held && { held }),
  };
}

export const refused = (error: Refusal, description?: string): InteractionResults => ({
  error,
  ...(description !== undefined && { error_description: description }),
});

export interface FinishInteractionDeps {
  readonly provider: Provider;
  readonly records: Pick<OidcRecords, 'addResult'>;
  readonly payloads: Pick<Payloads, 'results'>;
  readonly clock: Clock;
}

export type FinishInteraction = ReturnType<typeof createFinishInteraction>;

/**
 * Stores the result of an interaction of this browser, once; `resume` is where it goes on. There
 * the library makes sure that the browser's session is still the one it began with.
 */
export const createFinishInteraction =
  ({ provider, records, payloads, clock }: FinishInteractionDeps) =>
  async (ctx: Context, uid: string, result: InteractionResults): Promise<void> => {
    if (!holdsInteraction(ctx, provider, uid)) throw new Problem('flow-not-here');
    const id = recordId('Interaction', uid);
    const sealed = payloads.results.seal(resultOf(id), result);
    if (!(await records.addResult(id, { result: sealed, now: clock.now() })))
      throw new Problem('flow-expired');
  };

/** What came of an interaction; undefined while nothing did, or where it cannot be read. */
export const resultIn = (
  { _id, result }: OidcRecord,
  { results }: Pick<Payloads, 'results'>,
): InteractionResults | undefined =>
  result === undefined ? undefined : results.read({ _id: resultOf(_id), payload: result });

/** Where it is sealed for: it must not pass for the interaction itself. */
const resultOf = (id: string): string => `${id}/result`;

/** With what the browser may go on; throws Problem `flow-expired` where it went on already. */
export async function resultHere(provider: Provider, ctx: Context): Promise<Result | undefined> {
  try {
    return (await provider.interactionDetails(ctx.req, ctx.res)).result;
  } catch (error) {
    if (error instanceof errors.SessionNotFound)
      throw new Problem('flow-expired', { cause: error });
    throw error;
  }
}

/** Of each credential the last proof: stepping up again and again must not grow the session. */
function newest(proofs: readonly Proof[]): Proof[] {
  const latest = new Map<string, Proof>();
  for (const proof of proofs) {
    const key = JSON.stringify([proof.method, proof.credential]);
    const other = latest.get(key);
    if (!other || other.at <= proof.at) latest.set(key, proof);
  }
  return [...latest.values()];
}
