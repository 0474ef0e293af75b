/**
 * Answers that come from elsewhere than the page that asks (NIST SP 800-63B-4 §3.1.3).
 */
import type { ZodType } from 'zod';

import type { Purpose } from '../assurance/purpose.ts';

export interface OutOfBand<Answer> {
  /** A device, by a key that it proves to hold, or a provider, by a callback that it signs. */
  readonly answeredBy: 'device' | 'provider';
  /** Whether what is asked and not answered is counted, over all that an account is asked. */
  readonly countsRequests: boolean;
  /** Whether the answer says that it was not them who asked. */
  isDenial(answer: Answer): boolean;
  readonly onDenied: OnDenied;
  /** Whether it only says that nobody answered: then the question is over, and nobody guessed. */
  isUnanswered?(answer: Answer): boolean;
}

/** What it means that a person says no, for each purpose. */
export type OnDenied = Readonly<Record<Purpose, Denial>>;

/**
 * `nothing`: they were setting it up themselves. `ended`: whatever waits for them for this purpose is
 * over, and they are left in peace. `known`: somebody else knows the first factor, so it must be
 * changed besides.
 */
export type Denial = 'nothing' | 'ended' | 'known';

/** Nobody can begin a sign-in's second step without the first; a reset anybody can. */
export const deniedByItsOwner: OnDenied = {
  'sign-in': 'known',
  change: 'known',
  reset: 'ended',
  enrol: 'nothing',
};

/** The same, with its own types hidden. */
export interface OpenOutOfBand extends Pick<OutOfBand<never>, 'answeredBy' | 'countsRequests'> {
  readonly onDenied: OnDenied;
  isDenial(form: unknown): boolean;
  isUnanswered(form: unknown): boolean;
}

export function openOutOfBand<Answer>(
  outOfBand: OutOfBand<Answer>,
  answer: ZodType<Answer>,
): OpenOutOfBand {
  const { answeredBy, countsRequests, onDenied } = outOfBand;
  return {
    ...{ answeredBy, countsRequests, onDenied },
    isDenial(form) {
      const read = answer.safeParse(form);
      return read.success && outOfBand.isDenial(read.data);
    },
    isUnanswered(form) {
      const read = answer.safeParse(form);
      return read.success && (outOfBand.isUnanswered?.(read.data) ?? false);
    },
  };
}
