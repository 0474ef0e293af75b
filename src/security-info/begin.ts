/**
 * A change as it begins: what was wished, by whom, and in which session. Pure, but for its id.
 */
import { secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import { Problem } from '../lib/problem.ts';
import type { Account } from '../models/account.ts';
import type { Methods } from '../verification/choices.ts';
import type { Facts, Flow, Wish } from './flow.ts';
import type { Here } from './here.ts';
import { methodsOf } from './method-of.ts';

/** A wizard is not left open for longer. */
const ENDS_AFTER_SECONDS = 15 * 60;

interface Beginning {
  readonly now: Date;
  readonly methods: Methods;
}

export function newChange(
  { account, session, proofs }: Here,
  wished: Wish,
  { now, methods }: Beginning,
): Flow {
  const endsAt = secondsAfter(now, ENDS_AFTER_SECONDS);
  return {
    _id: randomId(),
    request: { ...wished, account: account._id, session },
    version: 0,
    endsAt,
    expiresAt: endsAt,
    facts: firstFacts(account, wished, methods),
    // What they know is asked for anew where it is to be changed.
    proofs: wished.act === 'password' ? [] : proofs,
    pending: [],
  };
}

/**
 * Before anything was said; a new number begins at the form that asks for it, a new phone at the
 * list of what it can do.
 */
export function firstFacts(account: Account, { act, credential }: Wish, methods: Methods): Facts {
  const whose = { account: { id: account._id, username: account.username } };
  const replaced = account.credentials.find(({ id }) => id === credential);
  if ((act !== 'replace' && act !== 'move') || !replaced) return whose;
  if (act === 'move') return { ...whose, enrolling: { replaces: replaced.id } };
  const [method] = methodsOf(replaced, methods);
  if (method && !method.adding?.isReplaceable) throw new Problem('method-not-offered');
  return method ? { ...whose, enrolling: { method: method.id, replaces: replaced.id } } : whose;
}
