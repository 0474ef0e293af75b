/**
 * A flow in which somebody changes how they verify: what they set out to do is its request.
 */
import { z } from 'zod';

import type { Facts as CommonFacts, Flow as AnyFlow } from '../models/flow.ts';
import { soundFlow } from '../models/sound-flow.ts';
import type { Called } from './method-of.ts';

/** What it is about; `credential` where it is about one, or about one of what else is listed. */
export const wish = z.object({
  act: z.enum([
    ...([
      'add',
      'replace',
      'move',
      'remove',
      'restore',
      'lift',
      'rename',
      'default',
      'codes',
      'password',
    ] as const),
    ...(['end-session', 'end-sessions', 'end-trust', 'end-trusts', 'end-app'] as const),
  ]),
  credential: z.string().max(256).exactOptional(),
});

export type Wish = z.infer<typeof wish>;

export interface ChangeRequest extends Wish {
  readonly account: string;
  /** The record of the session in which it was begun: it is of no use in any other. */
  readonly session: string;
}

/** What they said in it. */
export interface Facts extends CommonFacts {
  readonly confirmed?: true;
  readonly name?: string;
  /** What is wrong with the new password that was typed last. */
  readonly passwordFlaw?: string;
  readonly passwordChanged?: true;
  readonly preferred?: { readonly method: string; readonly credential: string };
  /** What came of it, for the page that they come back to. */
  readonly done?: Done;
}

/** Told once; what it names is read from the account. */
export type Done = Changed | Removed | Ended;

export type EndingAct = Extract<Wish['act'], `end-${string}`>;

/** A method is there, or is another than it was. */
export interface Changed extends Called {
  readonly act: Exclude<Wish['act'], 'remove' | EndingAct>;
}

/** Of one that somebody else was quicker to delete, nothing is known any more. */
export interface Removed extends Partial<Called> {
  readonly act: 'remove';
  /** Which one it was, as long as it can be brought back. */
  readonly restorable?: string;
  /** What sign-in begins with now, where that changed. */
  readonly begins?: { readonly method: string; readonly hint?: string };
}

export interface Ended {
  readonly act: EndingAct;
  /** How many were still there. */
  readonly count: number;
  /** Which one, by name. */
  readonly app?: string;
}

export const isEnded = (done: Done): done is Ended => 'count' in done;

export type Flow = AnyFlow<ChangeRequest, Facts>;

const request = wish.extend({ account: z.string(), session: z.string() });

export const isChangeFlow = soundFlow<ChangeRequest, Facts>(request);
