/**
 * What an administrator decides: the shape of the policy, with its ceilings. What each part
 * means is written in config/default.yaml, whose section is a new installation's first version.
 */
import { z } from 'zod';

import type { Purpose } from '../assurance/purpose.ts';
import type { ChannelName } from '../channels/channel.ts';
import { type MethodId, methods } from '../methods/index.ts';
import { isSecondStep } from '../methods/method.ts';
import { administers } from './administrator-roles.ts';
import { type Audience, audience, groupsIn, includes } from './audience.ts';
import { type RegistrationPolicy, registrationShape } from './registration.ts';

type SecondMethodId = Exclude<MethodId, 'password'>;

interface OfMethod {
  readonly signIn?: Audience;
  readonly reset?: Audience;
}

const secondMethodIds = Object.keys(methods).filter((id) => id !== 'password');

/**
 * Who may use it: in a sign-in or, where it is for none, to get back in. What a method leaves to
 * administrators besides stands beside that.
 */
function sectionOf(id: string): z.ZodType<OfMethod> {
  const method = methods[id as MethodId]; // our own keys
  const isForSignIn = (method.purposes as readonly string[]).includes('sign-in');
  const { policy = z.object({}) }: { readonly policy?: z.ZodObject } = method;
  // It keeps what the method says of its settings together.
  return policy.safeExtend({ [isForSignIn ? 'signIn' : 'reset']: audience }).strict();
}

export const policyShape = z.strictObject({
  twoSteps: z.enum(['everyone', 'when-asked']),
  firstMethod: z.enum(['default', 'strongest']),
  // Object.fromEntries forgets which key it was given.
  methods: z.strictObject(
    Object.fromEntries(secondMethodIds.map((id) => [id, sectionOf(id)])) as Record<
      SecondMethodId,
      z.ZodType<OfMethod>
    >,
  ),
  phoneCountries: z.array(z.string().regex(/^[A-Z]{2}$/, 'must be a code such as DE, in capitals')),
  rememberDays: z.int().min(0).max(30),
  trustedBrowsers: z.strictObject({ days: z.int().min(0).max(365), satisfiesMfa: z.boolean() }),
  registration: registrationShape,
  passwordMinimum: z.int().min(8).max(64),
  passwordMinimumAlone: z.int().min(15).max(64),
});

type Shape = z.infer<typeof policyShape>;

export interface Policy extends Readonly<
  Omit<Shape, 'methods' | 'phoneCountries' | 'registration' | 'trustedBrowsers'>
> {
  readonly methods: Readonly<Record<SecondMethodId, OfMethod>>;
  readonly phoneCountries: readonly string[];
  readonly registration: RegistrationPolicy;
  readonly trustedBrowsers: Readonly<Shape['trustedBrowsers']>;
}

/** Which part of a method's section decides about a purpose; what nobody decided is not allowed. */
const decides: Readonly<Record<Purpose, (section: OfMethod) => Audience | undefined>> = {
  'sign-in': ({ signIn }) => signIn,
  change: ({ signIn }) => signIn,
  // Whoever may use it may set it up.
  enrol: ({ signIn, reset }) => signIn ?? reset,
  // Whoever may sign in with it gets back in with it, where that is among what it is for.
  reset: ({ signIn, reset }) => reset ?? signIn,
};

/** Asked of somebody's account or, without one, of anybody's. */
export interface Asked {
  readonly method: MethodId;
  readonly purpose: Purpose;
  readonly account?:
    { readonly groups: readonly string[]; readonly roles: readonly string[] } | undefined;
}

/** A password is nobody's decision: what else there is comes after it. */
export function isAllowed(policy: Policy, { method, purpose, account }: Asked): boolean {
  if (method === 'password') return true;
  if (account && administers(account) && !isForAdministrators(method)) return false;
  return includes(decides[purpose](policy.methods[method]) ?? false, account?.groups);
}

const isForAdministrators = (id: MethodId): boolean => {
  const method: { readonly isForAdministrators?: false } = methods[id];
  return method.isForAdministrators !== false;
};

/** What availability asks of the policy that is in force then. */
export const methodRulesOf = (policy: () => Policy) => ({
  policyOf: (method: MethodId): unknown => (method === 'password' ? {} : policy().methods[method]),
  isAllowed: (method: MethodId, asked: Omit<Asked, 'method'>): boolean =>
    isAllowed(policy(), { method, ...asked }),
});

/** What sign-ins and sessions ask of it about browsers that are trusted. */
export const trustIn = ({ trustedBrowsers: { days, satisfiesMfa } }: Policy) => ({
  days,
  ...(satisfiesMfa && { trustSatisfies: true as const }),
});

/** For how many days people may choose not to be asked again; 0 where that would spare nothing. */
export const trustDaysOffered = ({ twoSteps, trustedBrowsers }: Policy): number =>
  twoSteps === 'everyone' || trustedBrowsers.satisfiesMfa ? trustedBrowsers.days : 0;

/** All that it names. */
export function groupsOf({ methods: decided, registration }: Policy): string[] {
  const { secondStep, reset, confirm, campaign } = registration;
  const audiences = [
    ...Object.values(decided).flatMap((section) => [section.signIn, section.reset]),
    ...[secondStep.for, reset.for, confirm.for, campaign.for],
  ];
  return [...new Set(audiences.flatMap((one) => groupsIn(one ?? false)))];
}

/** The methods that somebody may use as a second step, where their channel is there. */
export const secondSteps = (
  policy: Policy,
  hasChannel: (name: ChannelName) => boolean,
): SecondMethodId[] =>
  (Object.keys(policy.methods) as SecondMethodId[]) // the policy's own keys
    .filter((id) => isSecondStep(methods[id]) && policy.methods[id].signIn !== false)
    .filter((id) => {
      const method = methods[id];
      return !('channel' in method) || hasChannel(method.channel);
    });

/** Apps may ask for two steps under any policy, so there must be something to set up. */
export const leavesSecondStep = (...asked: Parameters<typeof secondSteps>): boolean =>
  secondSteps(...asked).some((id) => methods[id].purposes.includes('enrol'));

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
