/**
 * What comes next in a change, worked out from what was wished, proved and said. Nothing is changed
 * by whoever has not proved lately that it is them, however far they had come.
 */
import type { Challenge } from '../models/challenge.ts';
import { hasEnded } from '../models/flow-end.ts';
import type { Change } from './change.ts';

export type Step =
  | { readonly name: 'over' | 'expired' | 'added' | 'finish' }
  /** At the sign-in, from where they come back. */
  | { readonly name: 'prove'; readonly leadsTo: string }
  | { readonly name: 'answer'; readonly challenge: Challenge }
  | { readonly name: 'recovery-codes'; readonly sealed: string }
  | { readonly name: 'choose-method'; readonly methods: readonly string[] }
  | { readonly name: 'add' | 'remove' | 'rename' | 'default' | 'codes' };

export type StepName = Step['name'];

export function nextStep(change: Change): Step {
  const { flow, now, isHere, lacking } = change;
  const { facts, challenge, request } = flow;
  if (facts.isOver) return { name: 'over' };
  if (!isHere || hasEnded(flow, now)) return { name: 'expired' };
  if (facts.cancelled) return { name: 'finish' };
  if (facts.recoveryCodes !== undefined) {
    return { name: 'recovery-codes', sealed: facts.recoveryCodes };
  }
  if (facts.added) return { name: facts.confirmed ? 'finish' : 'added' };
  // What went a moment ago went by a proof of this very session.
  const isProved = request.act === 'restore' || lacking.needs.length === 0;
  if (!isProved) return { name: 'prove', leadsTo: lacking.provedAt };
  if (challenge) return { name: 'answer', challenge };
  return next(change);
}

function next({ flow, addable }: Change): Step {
  const { facts, request } = flow;
  switch (request.act) {
    case 'add':
      return facts.enrolling?.method === undefined
        ? { name: 'choose-method', methods: addable }
        : { name: 'add' };
    case 'replace':
      return { name: 'add' };
    case 'remove':
      return { name: facts.confirmed ? 'finish' : 'remove' };
    case 'rename':
      return { name: facts.name === undefined ? 'rename' : 'finish' };
    case 'default':
      return { name: facts.preferred ? 'finish' : 'default' };
    case 'codes':
      return { name: facts.newCodes ? 'finish' : 'codes' };
    case 'restore':
      return { name: 'finish' };
  }
}

export type Act =
  | ('answer' | 'attest' | 'again' | 'instead' | 'another-way' | 'add' | 'saved' | 'done')
  | ('remove' | 'rename' | 'default' | 'make-codes' | 'continue' | 'restart' | 'cancel');

/** Which acts each step allows; what is not in its row changes nothing. */
export const allowedActs: Readonly<Record<StepName, readonly Act[]>> = {
  over: [],
  expired: [],
  prove: ['cancel'],
  answer: [
    ...(['answer', 'attest', 'again', 'instead', 'another-way'] as const),
    ...(['continue', 'restart', 'cancel'] as const),
  ],
  'choose-method': ['add', 'cancel'],
  add: ['add', 'another-way', 'continue', 'restart', 'cancel'],
  'recovery-codes': ['saved'],
  added: ['done'],
  remove: ['remove', 'cancel'],
  rename: ['rename', 'cancel'],
  default: ['default', 'cancel'],
  codes: ['make-codes', 'cancel'],
  finish: ['continue', 'cancel'],
};
