/**
 * What the list of methods says of each: its owner sees numbers and addresses in full.
 */
import type { Account, Credential } from '../models/account.ts';
import type { MethodRules, Methods } from '../verification/choices.ts';
import { calledBy, methodsOf } from './method-of.ts';
import type { MethodRow } from './pages.ts';
import { renamed } from './rename.ts';

/** What people may manage here, strongest first: neither the password nor recovery codes are in the list. */
export const listed = ({ credentials }: Account, { methods }: MethodRules) =>
  credentials
    .filter((one) => methodsOf(one, methods).some(({ adding }) => adding !== undefined))
    .toSorted((a, b) => rankOf(a, methods) - rankOf(b, methods));

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
  const isOn = its.some(
    (method) =>
      rules.availability.isAllowed(method.id, { purpose: 'enrol', account }) &&
      method.read(credential.data).isSuited,
  );
  return {
    ...{ id, ...called },
    ...(value !== undefined && { value }),
    addedAt: addedAt.toISOString(),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
    isOff: !isOn,
    isSuspended: suspendedAt !== undefined,
    ...(its.every(({ purposes }) => !purposes.includes('sign-in')) && { isForResets: true }),
    mayRename: renamed(rules, credential, 'x') !== undefined,
    mayReplace: first?.adding?.isReplaceable === true,
  };
}
