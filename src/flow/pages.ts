/**
 * The pages that every flow shows: what each view is given, ready to print. Its own pages a flow
 * adds by itself.
 */
import type { Way } from '../assurance/way.ts';
import type { Json } from '../lib/json.ts';
import type { Choice } from '../verification/choices.ts';

/** What every page of a flow has besides its own properties. */
export interface FlowPage {
  /** `/sign-in/<uid>`: every form posts below it. */
  readonly at: string;
  readonly csrf: string;
  /** The app the person is on the way to. */
  readonly client: { readonly name: string; readonly logo?: string };
  /** They manage their own account: nobody else is asked who they are. */
  readonly isSignedIn?: boolean;
}

/** A way of verifying, as a list or a button names it. */
export interface ChoiceLine extends Way {
  /** `+1 ••• 34`; absent where there is nothing to tell apart. */
  readonly hint?: string;
  /** Which of several sorts, such as an office phone. */
  readonly variant?: string;
  /** ISO 8601, where two look alike. */
  readonly addedAt?: string;
  /** Why it cannot be chosen just now, and for how many seconds. */
  readonly away?: { readonly reason: string; readonly seconds?: number };
}

/** A page that waits for a device: `/hear` and `/waiting` tell it when there is something new. */
export interface Waits {
  /** The flow's version that the page shows. */
  readonly since: number;
  /** After which there is nothing to wait for. */
  readonly seconds: number;
}

/** What every page that asks for an answer has. */
export interface AnswerPage extends FlowPage {
  readonly challenge: {
    /** For the hidden field `challenge`: which challenge, and which attempt at it. */
    readonly id: string;
    readonly method: string;
    readonly hint?: string;
    /** Method-specific, from `begin`: never a secret. */
    readonly page: Readonly<Record<string, Json>>;
    readonly attemptsLeft: number;
    /** Why the last answer was refused, and whether the message could not be sent. */
    readonly failure?: string;
    /** How many signs were typed, where that was not a complete answer. */
    readonly typed?: number;
    /** What the next answer will meet: seconds to wait, or that a wait follows upon a wrong one. */
    readonly pausedSeconds?: number;
    readonly isLastBeforePause?: boolean;
    readonly undelivered: boolean;
    readonly undeliveredBecause?: 'opted-out';
    /** False once it is too late or no attempt is left: only a way on is shown. */
    readonly open: boolean;
    /** When the same message may be sent again; seconds to wait, 0 = now. Absent where nothing is sent. */
    readonly againInSeconds?: number;
  };
  /** Who signs in, as typed or as known. */
  readonly username: string;
  /** Whether "Sign in another way" leads anywhere. */
  readonly hasOtherWays: boolean;
  /** Policy put it before the person's own default. */
  readonly isRaised?: true;
  /** Another one was to be begun, and limits let nothing be sent just now. */
  readonly isInstead?: true;
  /** What may be typed here while a device is awaited. */
  readonly instead?: Way;
  readonly waits?: Waits;
  /** Present where it is asked: with the first proof, if policy lets anybody stay. */
  readonly staySignedIn?: { readonly days: number; readonly isTicked: boolean };
  /** Present where "Don't ask again on this browser" may be ticked beside a second step. */
  readonly trustBrowser?: { readonly days: number };
}

/** What cannot work in this house, such as keys at a network address. */
export interface MayMiss {
  readonly notHere?: readonly string[];
}

type MethodId = Choice['method'];
export type AnswerPages = { readonly [Id in MethodId as `methods/${Id}/answer`]: AnswerPage };
