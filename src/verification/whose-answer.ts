/**
 * Whose answer it is: which account an attempt is counted against, and which of its credentials
 * it is of. Most questions say so themselves; some leave it to the answer.
 */
import type { Form } from '../lib/form.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Flow } from '../models/flow.ts';
import { type OpenMethod, withSuspended } from './choices.ts';
import type { Judging } from './judge.ts';
import type { CountedAttempt, Place, RateLimiter } from './rate-limits/rate-limiter.ts';
import { NOBODY } from './resolve-choice.ts';

interface Counting {
  readonly flow: Flow;
  readonly challenge: Challenge;
  readonly method: OpenMethod;
  readonly place: Place;
  readonly form: Form;
}

/** Counts it before anything is compared; throws Problem when it has to wait. */
export async function countAttempt(
  { flow, challenge, method, place, form }: Counting,
  rateLimiter: RateLimiter,
): Promise<CountedAttempt> {
  const { purpose, credential, credentials } = challenge;
  const who = flow.facts.account;
  if (!who && method.asksUnnamed) {
    return rateLimiter.countUnnamed(method.named(form, []).account, place);
  }
  if (method.factor === 'knowledge') {
    return rateLimiter.countKnowledge(who ?? { username: '' }, { place, purpose });
  }
  // What is not the account's yet has no ceiling of its own to keep, nor what the answer names.
  const own = purpose === 'enrol' || credentials ? undefined : credential;
  return rateLimiter.countSecondFactor(who?.id, { credential: own, purpose });
}

/** Which credential an answer is of: the one that was asked, or one of those that may answer. */
export function answeredWith(
  { challenge, method, account }: Pick<Judging, 'challenge' | 'method' | 'account'>,
  form: Form,
): string | undefined {
  const { credential, credentials } = challenge;
  const isNamed = credential !== NOBODY;
  if (!account || (isNamed && !credentials)) return credential;
  const asked = ({ id }: { readonly id: string }): boolean => credentials?.includes(id) ?? true;
  const held = withSuspended(account, method).filter(asked);
  return method.named(form, held).credential;
}
