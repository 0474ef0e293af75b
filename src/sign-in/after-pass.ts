/**
 * What comes after a temporary access pass: a new password. There must be one; whoever has one may
 * keep it, because only they know whether they forgot it. Pure.
 */
import type { Proof } from '../assurance/proof.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import { holdsPassword, type MethodRules } from '../verification/choices.ts';
import type { Flow } from './flow.ts';

export type PasswordAfterPass = 'needed' | 'offered';

interface SoFar {
  readonly flow: Flow;
  readonly account: Account | undefined;
  /** Those that count. */
  readonly proofs: readonly Proof[];
}

interface Deps extends MethodRules {
  readonly interactionSeconds: number;
}

export function passwordAfterPass(
  { flow, account, proofs }: SoFar,
  deps: Deps,
): PasswordAfterPass | undefined {
  const byPass = proofs.filter(({ factor }) => factor === 'pass');
  if (!account || account.disabledAt || byPass.length === 0) return undefined;
  if (!holdsPassword(account, deps)) return 'needed';
  const begunAt = secondsAfter(flow.expiresAt, -deps.interactionSeconds);
  // What an earlier sign-in of the session left is asked about no more.
  const isGivenHere = byPass.some(({ at }) => at >= begunAt);
  return isGivenHere && !flow.facts.passwordSettled ? 'offered' : undefined;
}
