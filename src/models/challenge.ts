/**
 * One asking: what was asked, what must be remembered until the answer comes, and how many
 * attempts are left. A flow has at most one that is open.
 */
import type { Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { Way } from '../assurance/way.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Json } from '../lib/json.ts';

export interface Challenge extends Way {
  readonly id: string;
  /** Those that may answer, where it is not `credential` alone. */
  readonly credentials?: readonly string[];
  readonly purpose: Purpose;
  /** What must be proved beyond the factor. */
  readonly wants?: readonly Trait[];
  readonly memo: unknown;
  readonly page: Readonly<Record<string, Json>>;
  readonly hint?: string;
  readonly hasOtherWays: boolean;
  /** Begun because policy wants the strongest first, and not the person's own default. */
  readonly isRaised?: true;
  readonly attemptsLeft: number;
  /** Whoever is asked again is asked something new. */
  readonly isAskedOnce?: true;
  readonly begunAt: Date;
  readonly expiresAt: Date;
  readonly sends: boolean;
  /** The message to a telephone, which a right answer completes (verification/rate-limits). */
  readonly sent?: { readonly counter?: string; readonly at: Date };
  /** Present where the answer comes from a device or a provider. */
  readonly elsewhere?: Elsewhere;
  /** When its device was asked, where the code that it shows is typed here instead. */
  readonly requestedAt?: Date;
  /** A way that the same credential offers on the same page. */
  readonly instead?: Way;
  readonly undelivered?: true;
  /** Where that is known, and the person can do something about it. */
  readonly undeliveredBecause?: 'opted-out';
  readonly failure?: string;
  /** How many signs an answer had that was not complete. */
  readonly typed?: number;
  readonly outlook?: Outlook;
}

/** What the next answer will meet, said before it comes. */
export interface Outlook {
  readonly pausedUntil?: Date;
  /** A wait follows, should it be wrong. */
  readonly isLast?: true;
}

export interface Elsewhere {
  /** The credential whose device may answer; said again here, as only such flows are indexed. */
  readonly device: string;
  /** What the device is told, and shows: never what it must be told by the person. */
  readonly shows: Readonly<Record<string, string | number | boolean>>;
}

/** One of the attempts at a challenge. */
export type Attempt = Pick<Challenge, 'id' | 'attemptsLeft'>;

/** What a form says to name the challenge it answers, and which of its attempts it is. */
export const addressOf = ({ id, attemptsLeft }: Attempt): string => `${id}.${attemptsLeft}`;

/** Undefined for what no form of ours says, and for a challenge that had no attempt left. */
export function attemptAt(address: string | undefined): Attempt | undefined {
  const [, id, attemptsLeft] = /^([\w-]+)\.([1-9]\d{0,3})$/.exec(address ?? '') ?? [];
  return id === undefined ? undefined : { id, attemptsLeft: Number(attemptsLeft) };
}

/** From when on the same message may be sent again; undefined where none is sent from the page. */
export const sendableFrom = (
  { begunAt, sent }: Pick<Challenge, 'begunAt' | 'sent'>,
  pauseSeconds: number,
): Date | undefined => (sent ? secondsAfter(begunAt, pauseSeconds) : undefined);

export const isOpen = (challenge: Challenge, now: Date): boolean =>
  challenge.attemptsLeft > 0 && challenge.expiresAt > now;

/** A device answered, and it is not known yet how: there is nothing new to show. */
export const isBeingJudged = (
  { elsewhere, attemptsLeft, failure, expiresAt }: Judged,
  now: Date,
): boolean =>
  elsewhere !== undefined && attemptsLeft === 0 && failure === undefined && expiresAt > now;

type Judged = Pick<Challenge, 'elsewhere' | 'attemptsLeft' | 'failure' | 'expiresAt'>;
