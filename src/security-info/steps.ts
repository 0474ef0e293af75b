/**
 * What comes next in a change, worked out from what was wished, proved and said. Nothing is changed
 * by whoever has not proved lately that it is them, however far they had come.
 */
import { provedAtOf } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Challenge } from '../models/challenge.ts';
import { hasEnded } from '../models/flow-end.ts';
import { CHANGE_SECONDS } from '../verification/goal-to-change.ts';
import type { Change } from './change.ts';

export type Step =
  | { readonly name: 'over' | 'expired' | 'added' | 'finish' }
  /** At the sign-in, from where they come back. */
  | { readonly name: 'prove'; readonly leadsTo: string }
  | { readonly name: 'answer'; readonly challenge: Challenge }
  | { readonly name: 'recovery-codes'; readonly sealed: string }
  | { readonly name: 'choose-method'; readonly methods: readonly string[] }
  /** The old one is asked before there is a new one. */
  | { readonly name: 'begin'; readonly choice: Way }
  | {
      readonly name: 'add' | 'remove' | 'rename' | 'default' | 'codes' | 'new-password' | 'end-app';
    };

export type StepName = Step['name'];

export function nextStep(change: Change): Step {
  const { flow, now, isHere, lacking, needsProof } = change;
  const { facts, challenge } = flow;
  if (facts.isOver) return { name: 'over' };
  if (!isHere || hasEnded(flow, now)) return { name: 'expired' };
  if (facts.cancelled) return { name: 'finish' };
  if (facts.recoveryCodes !== undefined) {
    return { name: 'recovery-codes', sealed: facts.recoveryCodes };
  }
  if (facts.added) return { name: facts.confirmed ? 'finish' : 'added' };
  const isProved = !needsProof || lacking.needs.length === 0;
  if (!isProved) return { name: 'prove', leadsTo: lacking.provedAt };
  if (challenge) return { name: 'answer', challenge };
  return next(change);
}

function next(change: Change): Step {
  const { flow, addable } = change;
  const { facts, request } = flow;
  switch (request.act) {
    case 'add':
    case 'replace':
    case 'move':
      return facts.enrolling?.method === undefined
        ? { name: 'choose-method', methods: addable }
        : { name: 'add' };
    case 'end-app':
      return { name: facts.confirmed ? 'finish' : 'end-app' };
    case 'remove':
      return { name: facts.confirmed ? 'finish' : 'remove' };
    case 'rename':
      return { name: facts.name === undefined ? 'rename' : 'finish' };
    case 'default':
      return { name: facts.preferred ? 'finish' : 'default' };
    case 'codes':
      return { name: facts.newCodes ? 'finish' : 'codes' };
    case 'password':
      return facts.passwordChanged ? { name: 'finish' } : nextPassword(change);
    case 'restore':
    case 'end-session':
    case 'end-sessions':
    case 'end-trust':
    case 'end-trusts':
    case 'lift':
      return { name: 'finish' };
  }
}

/**
 * In this very change: what the session knows may be anybody's at an open desk. Whoever came by a pass
 * a moment ago has forgotten it.
 */
function nextPassword({ flow, proofs, password, now }: Change): Step {
  const since = secondsAfter(now, -CHANGE_SECONDS);
  const isGiven =
    flow.proofs.some(({ factor }) => factor === 'knowledge' || factor === 'pass') ||
    proofs.some((proof) => proof.factor === 'pass' && provedAtOf(proof) >= since);
  return isGiven || !password ? { name: 'new-password' } : { name: 'begin', choice: password };
}

export type Act =
  | ('answer' | 'attest' | 'again' | 'instead' | 'another-way' | 'add' | 'saved' | 'done')
  | ('begin' | 'remove' | 'rename' | 'default' | 'make-codes' | 'new-password')
  | ('continue' | 'restart' | 'cancel');

/** Which acts each step allows; what is not in its row changes nothing. */
export const allowedActs: Readonly<Record<StepName, readonly Act[]>> = {
  over: [],
  expired: [],
  prove: ['cancel'],
  answer: [
    ...(['answer', 'attest', 'again', 'instead', 'another-way'] as const),
    ...(['continue', 'restart', 'cancel'] as const),
  ],
  begin: ['begin', 'cancel'],
  'new-password': ['new-password', 'cancel'],
  'choose-method': ['add', 'cancel'],
  add: ['add', 'another-way', 'continue', 'restart', 'cancel'],
  'recovery-codes': ['saved'],
  added: ['done'],
  remove: ['remove', 'cancel'],
  'end-app': ['remove', 'cancel'],
  rename: ['rename', 'cancel'],
  default: ['default', 'cancel'],
  codes: ['make-codes', 'cancel'],
  finish: ['continue', 'cancel'],
};
