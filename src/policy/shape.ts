/**
 * What an administrator decides: the shape of the policy, with its ceilings. What each part
 * means is written in config/default.yaml, whose section is a new installation's first version.
 */
import { z } from 'zod';

import { methods } from '../methods/index.ts';

type SecondMethodId = Exclude<keyof typeof methods, 'password'>;

const forPolicy = z.strictObject({ signIn: z.boolean() });
const secondMethodIds = Object.keys(methods).filter((id) => id !== 'password');

export const policyShape = z.strictObject({
  twoSteps: z.enum(['everyone', 'when-asked']),
  // Object.fromEntries forgets which key it was given.
  methods: z.strictObject(
    Object.fromEntries(secondMethodIds.map((id) => [id, forPolicy])) as Record<
      SecondMethodId,
      typeof forPolicy
    >,
  ),
  phoneCountries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be a code such as DE, in capitals')),
  rememberDays: z.int().min(0).max(30),
  passwordMinimum: z.int().min(8).max(64),
  passwordMinimumAlone: z.int().min(15).max(64),
});

type Shape = z.infer<typeof policyShape>;

export interface Policy extends Readonly<Omit<Shape, 'methods' | 'phoneCountries'>> {
  readonly methods: Readonly<Record<SecondMethodId, Readonly<z.infer<typeof forPolicy>>>>;
  readonly phoneCountries: readonly string[];
}

/** Apps may ask for two steps under any policy, so there must be something to set up. */
export const leavesSecondStep = (policy: Policy, canSendTexts: boolean): boolean =>
  Object.entries(policy.methods).some(([id, { signIn }]) => {
    const method = methods[id as SecondMethodId]; // the policy's own keys
    const isReachable = !('channel' in method) || canSendTexts;
    return signIn && method.purposes.includes('enrol') && isReachable;
  });

/**
 * The fewest characters of a new password: more when policy lets anyone in with a password
 * alone (NIST SP 800-63B-4 §3.1.1.2).
 */
export const fewestCharacters = ({
  twoSteps,
  passwordMinimum,
  passwordMinimumAlone,
}: Policy): number =>
  twoSteps === 'everyone' ? passwordMinimum : Math.max(passwordMinimum, passwordMinimumAlone);
