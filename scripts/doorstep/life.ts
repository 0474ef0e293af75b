/**
 * How commands say of what is good for a while whether it is good now, and until when.
 */
import type { HeldMethod } from '../../src/administration/held-methods.ts';

const states: Readonly<Record<NonNullable<HeldMethod['state']>, string>> = {
  'not-yet': 'not good yet, then until ',
  good: 'good until ',
  used: 'used, good until ',
  over: 'over since ',
};

/** Undefined for what is good for good. */
export const lifeSaid = ({ state, endsAt }: Pick<HeldMethod, 'state' | 'endsAt'>) =>
  state && `${states[state]}${endsAt?.toISOString() ?? ''}`;
