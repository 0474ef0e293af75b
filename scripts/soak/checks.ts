/**
 * Every long check, by its number in the reliability tables; those of the embedded database
 * have none and go by name.
 */
import { abandoned } from './abandoned.ts';
import type { Check } from './check.ts';
import { limiter } from './limiter.ts';
import { busy, long, steady } from './load.ts';
import { overload, refreshes } from './overload.ts';
import {
  crawlers,
  kills,
  mistakes,
  planner,
  properties,
  tokens,
  usedOnce,
  wrongCodes,
} from './tests.ts';

export const checks: Readonly<Record<string, Check>> = {
  'R-01': steady,
  'R-02': busy,
  'R-03': overload,
  'R-04': long,
  'R-05': usedOnce,
  'R-06': wrongCodes,
  'R-33': crawlers,
  'R-35': mistakes,
  'R-36': tokens,
  'R-37': properties,
  'R-39': limiter,
  'R-40': abandoned,
  'R-41': refreshes,
  kills,
  planner,
};
