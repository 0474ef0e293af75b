/**
 * A policy that allows everything, and the methods that it is about, all of which can be had.
 */
import type { Policy } from '../../../src/policy/shape.ts';
import type { MethodRules } from '../../../src/verification/choices.ts';
import { createMethods } from '../../../src/methods/index.ts';
import { bareSettings, createPorts, noKeys } from '../methods/ports.ts';

const on = { signIn: true };
/** Not among what these tests decide about. */
const call = { signIn: false, readsCodes: false };
const questions = {
  ...{ reset: true, register: 3, ask: 3, ownQuestions: 0 },
  catalogue: ['first-album', 'first-boss', 'first-dish'],
};
const pass = { signIn: true, longestMinutes: 480 };
const securityKey = { signIn: false, ...noKeys };

export const begins: Policy = {
  twoSteps: 'everyone',
  firstMethod: 'default',
  methods: {
    'security-key': securityKey,
    approve: on,
    code: on,
    text: on,
    call,
    email: { reset: true },
    'security-questions': questions,
    'recovery-code': on,
    'temporary-access-pass': pass,
  },
  registration: {
    secondStep: { for: false, skips: 3, skipDays: 14 },
    reset: { for: false, methods: 2 },
    confirm: { for: true, afterDays: 0 },
    campaign: { for: false, method: 'approve', snoozeDays: 1, skips: 3, isForced: true },
  },
  phoneCountries: [],
  trustedBrowsers: { days: 0, satisfiesMfa: false },
  ...{ rememberDays: 0, passwordMinimum: 8, passwordMinimumAlone: 15 },
};

export const rules: MethodRules = {
  methods: createMethods(bareSettings, createPorts().ports),
  availability: {
    ...{ isAllowed: () => true, isAvailable: () => true },
    ...{
      awayBecause: () => ({ reason: 'channel' as const }),
      policyOf: () => ({}),
      asksUnnamed: () => false,
    },
  },
};
