/**
 * What is asked, as every page that asks it is given it.
 */
import {
  addressOf,
  type Challenge,
  isBeingJudged,
  isOpen,
  sendableFrom,
} from '../models/challenge.ts';
import type { AnswerPage } from './pages.ts';

export interface ChallengePropsDeps {
  /** How soon one number may get another message. */
  readonly pausePerNumberSeconds: number;
}

/** The contract test `methods` sees to it that every method has its pages. */
export const viewOf = (method: string, page: 'answer' | 'add'): string =>
  `methods/${method}/${page}`;

export const secondsTo = (until: Date | undefined, now: Date) =>
  until && { seconds: Math.ceil((until.getTime() - now.getTime()) / 1000) };

export function challengeProps(
  now: Date,
  open: Challenge,
  deps: ChallengePropsDeps,
): AnswerPage['challenge'] {
  return {
    id: addressOf(open),
    method: open.method,
    ...(open.hint !== undefined && { hint: open.hint }),
    page: open.page,
    attemptsLeft: open.attemptsLeft,
    ...(open.failure !== undefined && { failure: open.failure }),
    ...(open.typed !== undefined && { typed: open.typed }),
    ...outlook(open, now),
    undelivered: open.undelivered ?? false,
    ...(open.undeliveredBecause && { undeliveredBecause: open.undeliveredBecause }),
    open: isOpen(open, now) || isBeingJudged(open, now),
    ...((open.sends || open.elsewhere) && { againInSeconds: againIn(open, now, deps) }),
  };
}

function outlook({ outlook: { pausedUntil, isLast } = {} }: Challenge, now: Date) {
  const { seconds = 0 } = secondsTo(pausedUntil, now) ?? {};
  return {
    ...(seconds > 0 && { pausedSeconds: seconds }),
    ...(isLast && { isLastBeforePause: true }),
  };
}

function againIn(
  open: Challenge,
  now: Date,
  { pausePerNumberSeconds }: ChallengePropsDeps,
): number {
  const from = sendableFrom(open, pausePerNumberSeconds) ?? now;
  return Math.max(0, Math.ceil((from.getTime() - now.getTime()) / 1000));
}
