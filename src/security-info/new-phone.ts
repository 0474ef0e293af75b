/**
 * "I have a new phone": what is on the old one, each of which is set up on the new one in its place.
 * A number stays what it is, whatever phone it rings.
 */
import type { Account, Credential } from '../models/account.ts';
import type { MethodRules } from '../verification/choices.ts';
import { inPlaceOf } from './change.ts';
import { methodsOf } from './method-of.ts';
import type { MovableRow } from './pages.ts';
import { listed, rowOf } from './rows.ts';

export const onOldPhone = (account: Account, rules: MethodRules): Promise<MovableRow[]> =>
  Promise.all(
    listed(account, rules)
      .filter((credential) => isOnDevice(credential, rules))
      .map(async (credential) => ({
        ...(await rowOf(credential, account, rules)),
        mayMove: inPlaceOf(account, credential.id, { act: 'move', ...rules }).length > 0,
      })),
  );

export const isOnDevice = (credential: Credential, { methods }: MethodRules): boolean =>
  methodsOf(credential, methods).some(({ adding }) => adding?.isOnDevice);
