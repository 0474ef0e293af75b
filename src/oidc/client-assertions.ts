/**
 * How far ahead the end of an app's assertion may be (RFC 7523 §3). Until then it is remembered
 * that it was used, and some libraries of apps would have us do so for years.
 */
import { errors } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';

const LONGEST_SECONDS = 24 * 3600;

export const createAssertionCheck =
  (clock: Clock) =>
  (_ctx: unknown, { exp }: Readonly<Record<string, unknown>>): void => {
    const latest = secondsAfter(clock.now(), LONGEST_SECONDS).getTime() / 1000;
    if (typeof exp === 'number' && exp <= latest) return;
    throw new errors.InvalidClientAuth('exp is more than a day ahead');
  };
