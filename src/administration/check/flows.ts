/**
 * Sign-ins under way and counters: gone when their time is over, nothing waiting for ever,
 * nothing counted below zero.
 */
import type { Flow } from '../../models/flow.ts';
import { everyDocument } from '../../models/survey.ts';
import { type CheckDeps, type Found, isLeftOver } from './deps.ts';

export async function* flowsInOrder({ flows, clock }: CheckDeps): AsyncGenerator<Found> {
  const now = clock.now();
  for await (const flow of everyDocument(flows.model)) {
    for (const flaw of flawsOf(flow, now)) yield { what: `${flow._id}: ${flaw}` };
  }
}

const MINUTES = 10;

function flawsOf(flow: Flow, now: Date): string[] {
  const { challenge, facts, pending, proofs, expiresAt } = flow;
  const late = new Date(now.getTime() - MINUTES * 60_000);
  return [
    ...(isLeftOver(expiresAt, now) ? ['ended more than an hour ago and is still there'] : []),
    ...(pending.some((message) => message.expiresAt < late) ? ['keeps a message too long'] : []),
    ...(challenge && challenge.attemptsLeft < 0 ? ['gave more attempts than there were'] : []),
    ...(facts.isOver && proofs.length > 0 ? ['is over and keeps its proofs'] : []),
  ];
}

export async function* countersInOrder({
  sharedCounters,
  clock,
}: CheckDeps): AsyncGenerator<Found> {
  const now = clock.now();
  for await (const { _id, expiresAt, tallies } of everyDocument(sharedCounters.model)) {
    if (isLeftOver(expiresAt, now)) yield { what: `${_id}: ended and is still there` };
    const isWrong = Object.values(tallies).some(({ streak }) => streak < 0);
    if (isWrong) yield { what: `${_id}: counts less than nothing` };
  }
}
