/**
 * What an answer does to its flow: it spends an attempt before anything is compared, and then
 * it is settled, refused, or its attempt given back.
 */
import { trusted } from 'mongoose';

import type { Proof } from '../assurance/proof.ts';
import { alongWith, type Events } from './audit-event.ts';
import type { Attempt, Challenge, Outlook } from './challenge.ts';
import type { Change } from './model.ts';

/** A request is written once, by whoever began the flow: it is the one that was read. */
export const changedAsRead =
  <Stored extends Identified>(change: Change<Stored>) =>
  <F extends Stored>({ _id }: F, filter: object, update: object) =>
    change({ _id, ...filter }, update) as Promise<F | undefined>;

interface Identified {
  readonly _id: string;
}

/** A document whose question may be asked elsewhere. */
interface Asking extends Identified {
  readonly challenge?: Pick<Challenge, 'elsewhere'>;
}

/** The outcome of the last answer that did not come from the page, by its question. */
export interface AnsweredElsewhere {
  readonly challenge: string;
  readonly outcome: string;
}

/** Kept with what an answer does: a provider that did not hear ours asks again. */
const keepOutcome = ({ challenge }: Asking, id: string, outcome: string) =>
  challenge?.elsewhere && { answered: { challenge: id, outcome } satisfies AnsweredElsewhere };

export function answersIn<Stored extends Asking>(change: Change<Stored>) {
  const changed = changedAsRead(change);
  const later = (now: Date) => trusted({ $gt: now });

  return {
    /**
     * Spends one attempt before anything is compared: guesses sent in parallel cannot share
     * it, and a closed, replaced or expired challenge costs no work at all. What is answered out of
     * band is not answered by a page, whatever it posts.
     */
    spendAttempt: (
      uid: string,
      { id, attemptsLeft }: Attempt,
      { now, said = {} }: { readonly now: Date; readonly said?: object },
    ): Promise<Stored | undefined> =>
      change(
        {
          _id: uid,
          endsAt: later(now),
          'challenge.id': id,
          'challenge.expiresAt': later(now),
          'challenge.attemptsLeft': attemptsLeft,
          'challenge.elsewhere': trusted({ $exists: false }),
        },
        { $inc: { 'challenge.attemptsLeft': -1, version: 1 }, ...inFacts(said) },
      ),

    /** Adds what the challenge proved, if it is still the open one, and opens the next in its place. */
    settle: <F extends Stored>(
      read: F,
      challengeId: string,
      { proof, facts, endsAt, next }: Settled,
    ): Promise<F | undefined> =>
      changed(
        read,
        { 'challenge.id': challengeId },
        {
          $set: {
            ...{ facts, endsAt },
            ...(next && { challenge: next }),
            ...keepOutcome(read, challengeId, 'passed'),
          },
          ...(!next && { $unset: { challenge: 1 } }),
          $push: { proofs: proof },
          $inc: { version: 1 },
        },
      ),

    /** Why the last answer was refused; shown until the next one. */
    refuse: <F extends Stored>(
      read: F,
      challengeId: string,
      { failure, outlook, events = [] }: Refused,
    ): Promise<F | undefined> =>
      changed(
        read,
        { 'challenge.id': challengeId },
        {
          $set: {
            'challenge.failure': failure,
            ...(outlook && { 'challenge.outlook': outlook }),
            ...keepOutcome(read, challengeId, failure),
          },
          $unset: { 'challenge.typed': 1, ...(!outlook && { 'challenge.outlook': 1 }) },
          $inc: { version: 1 },
          ...alongWith(events),
        },
      ),

    /** Gives back the attempt of an answer that was not complete and so compared with nothing. */
    giveBack: <F extends Stored>(
      read: F,
      challengeId: string,
      typed: number,
    ): Promise<F | undefined> =>
      changed(
        read,
        { 'challenge.id': challengeId },
        {
          $set: { 'challenge.failure': 'malformed', 'challenge.typed': typed },
          $inc: { 'challenge.attemptsLeft': 1, version: 1 },
        },
      ),
  };
}

/** Nothing is made of facts that are not there by what was not said. */
function inFacts(said: object): object {
  const entries = Object.entries(said).map(([name, value]) => [`facts.${name}`, value] as const);
  const $set = entries.filter(([, value]) => value !== undefined);
  const $unset = entries.filter(([, value]) => value === undefined).map(([name]) => [name, 1]);
  return {
    ...($set.length > 0 && { $set: Object.fromEntries($set) }),
    ...($unset.length > 0 && { $unset: Object.fromEntries($unset) as object }),
  };
}

interface Refused {
  readonly failure: string;
  readonly outlook?: Outlook | undefined;
  readonly events?: Events;
}

export interface Settled {
  readonly proof: Proof;
  readonly facts: object;
  readonly endsAt: Date;
  /** Asked at once, where nothing has to be sent for it. */
  readonly next?: Challenge;
}
