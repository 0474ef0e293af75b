/**
 * What the list of methods says of each: its owner sees numbers and addresses in full.
 */
import type { Account, Credential } from '../models/account.ts';
import type { MethodRules, Methods, OpenMethod } from '../verification/choices.ts';
import { calledBy, methodsOf } from './method-of.ts';
import type { MethodRow } from './pages.ts';
import { renamed } from './rename.ts';

/**
 * What people may manage here, strongest first: neither the password nor recovery codes are in the
 * list, nor what was good for a while and is over.
 */
export const listed = ({ credentials }: Account, { methods }: MethodRules) =>
  credentials
    .filter((one) => methodsOf(one, methods).some((method) => isListed(method, one)))
    .toSorted((a, b) => rankOf(a, methods) - rankOf(b, methods));

const isListed = (method: OpenMethod, { data }: Credential): boolean =>
  method.adding !== undefined || lifeAhead(method, data) !== undefined;

/** What is good now, or will be, for a while. */
function lifeAhead(method: OpenMethod | undefined, data: unknown) {
  const { life } = method?.read(data) ?? {};
  return life?.state === 'good' || life?.state === 'not-yet' ? life : undefined;
}

const rankOf = (credential: Credential, methods: Methods): number =>
  methodsOf(credential, methods)[0]?.rank ?? 0;

export async function rowOf(
  credential: Credential,
  account: Account,
  rules: MethodRules,
): Promise<Omit<MethodRow, 'mayRemove'>> {
  const its = methodsOf(credential, rules.methods);
  const [first] = its;
  const { hint, ...called } = calledBy(credential, rules.methods);
  const value = (await first?.inFull(credential.data)) ?? hint;
  const { id, addedAt, lastUsedAt, suspendedAt } = credential;
  const life = lifeAhead(first, credential.data);
  const isOn = its.some(
    (method) =>
      rules.availability.isAllowed(method.id, { purpose: 'enrol', account }) &&
      (method.read(credential.data).isSuited || life !== undefined),
  );
  return {
    ...{ id, ...called },
    ...(value !== undefined && { value }),
    addedAt: addedAt.toISOString(),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    isOff: !isOn,
    isSuspended: suspendedAt !== undefined,
    ...(life && { good: goodOf(life) }),
    ...(its.every(({ purposes }) => !purposes.includes('sign-in')) && { isForResets: true }),
    mayRename: renamed(rules, credential, 'x') !== undefined,
    mayReplace: first?.adding?.isReplaceable === true,
  };
}

const goodOf = ({ startsAt, endsAt, state }: NonNullable<ReturnType<typeof lifeAhead>>) => ({
  ...(state === 'not-yet' && { from: startsAt.toISOString() }),
  until: endsAt.toISOString(),
});
