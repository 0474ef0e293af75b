/**
 * Who is asked to register what at a sign-in that would do without: the organisation's decision,
 * for everybody, nobody or some groups. What a sign-in itself takes is asked whatever stands here.
 */
import { z } from 'zod';

import { type MethodId, methods } from '../methods/index.ts';
import { isSecondStep } from '../methods/method.ts';
import { audience, includes } from './audience.ts';

/** Second steps that people set up themselves. */
const campaigned = (Object.keys(methods) as MethodId[]) // exactly these, the literal is ours
  .filter((id) => isSecondStep(methods[id]) && methods[id].purposes.includes('enrol'));

export type RegistrationPolicy = Readonly<z.infer<typeof registrationShape>>;

export const registrationShape = z.strictObject({
  secondStep: z.strictObject({
    for: audience,
    skips: z.int().min(0).max(30),
    skipDays: z.int().min(1).max(90),
  }),
  reset: z.strictObject({
    for: audience,
    methods: z.int().min(1).max(2),
  }),
  confirm: z.strictObject({
    for: audience,
    afterDays: z.int().min(0).max(730),
  }),
  campaign: z.strictObject({
    for: audience,
    method: z.enum(campaigned),
    snoozeDays: z.int().min(0).max(14),
    skips: z.int().min(0).max(3),
    isForced: z.boolean(),
  }),
});

/** Of what is asked of somebody in these groups; what is absent is not. */
export function registrationFor(policy: RegistrationPolicy, groups: readonly string[]) {
  const { secondStep, reset, confirm, campaign } = policy;
  const isFor = (part: { readonly for: Parameters<typeof includes>[0] }): boolean =>
    includes(part.for, groups);
  return {
    ...(isFor(secondStep) && { secondStep }),
    ...(isFor(reset) && { reset }),
    ...(isFor(confirm) && confirm.afterDays > 0 && { confirm }),
    ...(isFor(campaign) && { campaign }),
  };
}
