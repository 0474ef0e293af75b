/**
 * What is answered elsewhere than on the page that asks: by a device that hears of its open
 * questions, spends the attempt at one, refuses what it was asked, or joins an enrolment by a code.
 */
import { type Model, trusted } from 'mongoose';

import type { Purpose } from '../assurance/purpose.ts';
import type { Challenge } from './challenge.ts';
import type { Change } from './model.ts';

const TOLD = [
  'id',
  'purpose',
  'begunAt',
  'expiresAt',
  'attemptsLeft',
  'failure',
  'elsewhere',
] as const;

/** As much of a flow as those who wait for it may know. */
export interface Heard {
  readonly _id: string;
  readonly version: number;
  readonly endsAt: Date;
  readonly challenge?: Pick<Challenge, (typeof TOLD)[number]>;
}

interface Question {
  readonly device: string;
  /** Its id. */
  readonly challenge: string;
  /** Where the answer is good for one method alone. */
  readonly method?: string | undefined;
  readonly now: Date;
}

/** What this device is asked and may still answer; its own field, because that is indexed. */
const asked = ({ device, challenge, method, now }: Question) => ({
  ...(method !== undefined && { 'challenge.method': method }),
  'challenge.elsewhere.device': device,
  'challenge.id': challenge,
  'challenge.expiresAt': trusted({ $gt: now }),
  endsAt: trusted({ $gt: now }),
});

/** What a device was asked last, for its owner to refuse however the page goes on. */
export interface Requested<Who = unknown> {
  readonly account?: Who;
  readonly challenge: Challenge;
}

interface Answered {
  readonly answered?: { readonly outcome: string };
}

/** A document that asks. */
interface Asking {
  readonly _id: string;
  readonly facts: object;
  readonly requested?: Requested;
}

export const elsewhereIn = <Stored extends Asking>(
  model: Model<Stored>,
  change: Change<Stored>,
) => ({
  /** For all who wait in this process, in one query: pages by their flow, devices by credential. */
  heard: (uids: readonly string[], devices: readonly string[]): Promise<Heard[]> =>
    model
      .find({
        $or: [
          { _id: trusted({ $in: [...uids] }) },
          { 'challenge.elsewhere.device': trusted({ $in: [...devices] }) },
        ],
      } as object)
      .select(['version', 'endsAt', ...TOLD.map((part) => `challenge.${part}`)])
      .lean<Heard[]>()
      .exec(),

  /** What is remembered of questions that this device has not answered. */
  async openMemos(device: string, now: Date): Promise<unknown[]> {
    const open = await model
      .find({
        'challenge.elsewhere.device': device,
        'challenge.expiresAt': trusted({ $gt: now }),
      } as object)
      .select(['challenge.memo'])
      .lean<{ readonly challenge?: Pick<Challenge, 'memo'> }[]>()
      .exec();
    return open.map(({ challenge }) => challenge?.memo);
  },

  async findPairing(digest: string): Promise<Stored | undefined> {
    const filter: object = { 'facts.enrolling.pairing.digest': digest };
    return (await model.findOne(filter).lean<Stored>().exec()) ?? undefined;
  },

  /** Spends the attempt of a question that this device was asked (see `spendAttempt`). */
  spendElsewhere: (question: Question): Promise<Stored | undefined> =>
    change(
      { ...asked(question), 'challenge.attemptsLeft': trusted({ $gt: 0 }) },
      { $inc: { 'challenge.attemptsLeft': -1, version: 1 } },
    ),

  /** Nobody answered, as whoever was to ask them says: it is over, and no attempt was one. */
  endElsewhere: (question: Question, failure: string): Promise<Stored | undefined> =>
    change(
      { ...asked(question), 'challenge.attemptsLeft': trusted({ $gt: 0 }) },
      {
        $set: { 'challenge.attemptsLeft': 0, 'challenge.failure': failure },
        $inc: { version: 1 },
      },
    ),

  /** What became of an answer that is given again. */
  async outcomeOf(challenge: string): Promise<string | undefined> {
    const filter: object = { 'answered.challenge': challenge };
    const found = await model.findOne(filter).select(['answered']).lean<Answered>().exec();
    return found?.answered?.outcome;
  },

  /**
   * As it was when it asked this device just now: the question's attempt may be spent since then,
   * and whoever caused it may have turned the page.
   */
  async requestedOf({ device, challenge: id, method, now }: Question): Promise<Stored | undefined> {
    const filter: object = {
      ...(method !== undefined && { 'requested.challenge.method': method }),
      'requested.challenge.elsewhere.device': device,
      'requested.challenge.id': id,
      'requested.challenge.expiresAt': trusted({ $gt: now }),
    };
    const found = await model.findOne(filter).lean<Stored>().exec();
    if (!found?.requested) return undefined;
    const { account, challenge } = found.requested;
    const facts: object = found.facts;
    return { ...found, challenge, facts: { ...facts, ...(account !== undefined && { account }) } };
  },

  /**
   * Ends whatever waits for one of these devices, for one purpose or, without one, for all but
   * enrolment: nothing that was proved there counts.
   */
  async deny(devices: readonly string[], onlyFor?: Purpose): Promise<void> {
    await model.updateMany(
      {
        'challenge.elsewhere.device': trusted({ $in: [...devices] }),
        'challenge.purpose': onlyFor ?? trusted({ $ne: 'enrol' }),
      } as object,
      {
        $set: { 'facts.denied': true, proofs: [], pending: [] },
        $unset: { challenge: 1, requested: 1 },
        $inc: { version: 1 },
      },
    );
  },
});
