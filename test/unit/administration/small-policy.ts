/**
 * A policy that allows everything, and the methods that it is about, all of which can be had.
 */
import type { Policy } from '../../../src/policy/shape.ts';
import type { MethodRules } from '../../../src/verification/choices.ts';
import { createMethods } from '../../../src/methods/index.ts';
import { createPorts } from '../methods/ports.ts';

const on = { signIn: true };
/** Not among what these tests decide about. */
const call = { signIn: false, readsCodes: false };

export const begins: Policy = {
  twoSteps: 'everyone',
  methods: { approve: on, code: on, text: on, call, 'recovery-code': on },
  phoneCountries: [],
  ...{ rememberDays: 0, passwordMinimum: 8, passwordMinimumAlone: 15 },
};

export const rules: MethodRules = {
  methods: createMethods(
    { password: {}, approve: {}, code: {}, text: {}, call: {}, 'recovery-code': {} },
    createPorts().ports,
  ),
  availability: {
    ...{ isAllowed: () => true, isAvailable: () => true },
    ...{ awayBecause: () => ({ reason: 'channel' as const }), policyOf: () => ({}) },
  },
};
