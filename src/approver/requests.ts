/**
 * What a phone is told of the questions that wait for it. Never the number: that is on the
 * page, and only a person's eyes carry it here.
 */
import { z } from 'zod';

import type { Heard } from '../models/flow-elsewhere.ts';
import { addressOf, type Holder } from './tickets.ts';

export interface Request {
  readonly challenge: string;
  readonly device: string;
  readonly account: string;
  readonly purpose: string;
  readonly askedAt: string;
  readonly secondsLeft: number;
  /** What the method wants to be shown: nonce, client, digits, who asks. */
  readonly [shown: string]: string | number | boolean;
}

export const requestsFor = (
  holders: readonly Holder[],
  heard: readonly Heard[],
  now: Date,
): Request[] =>
  heard.flatMap(({ challenge, endsAt }) => {
    const holder = holders.find(({ credential }) => credential === challenge?.elsewhere?.device);
    if (!challenge?.elsewhere || !holder || !isSound(challenge, endsAt)) return [];
    const until = challenge.expiresAt < endsAt ? challenge.expiresAt : endsAt;
    if (challenge.attemptsLeft === 0 || until <= now) return [];
    return [
      {
        ...challenge.elsewhere.shows,
        challenge: challenge.id,
        device: addressOf(holder),
        account: holder.account.username,
        purpose: challenge.purpose,
        askedAt: challenge.begunAt.toISOString(),
        secondsLeft: Math.ceil((until.getTime() - now.getTime()) / 1000),
      },
    ];
  });

/** One that is damaged is not told, and the others are. */
const isSound = (challenge: NonNullable<Heard['challenge']>, endsAt: unknown): boolean =>
  Sound.safeParse({ ...challenge, endsAt }).success;

const Sound = z.object({
  id: z.string(),
  purpose: z.string(),
  begunAt: z.date(),
  expiresAt: z.date(),
  endsAt: z.date(),
  attemptsLeft: z.int(),
  elsewhere: z.object({
    shows: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
});
