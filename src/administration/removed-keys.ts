/**
 * Keys that are about to be removed are noted, so that browsers can be told once they are gone.
 */
import { credentialIdsIn } from '../credentials/security-key.ts';
import type { Account, Credential } from '../models/account.ts';
import type { AccountDeps } from './deps.ts';

export async function noteRemoved(
  { _id: account }: Pick<Account, '_id'>,
  removed: readonly Credential[],
  { removedKeys, clock }: Pick<AccountDeps, 'removedKeys' | 'clock'>,
): Promise<void> {
  const credentialIds = credentialIdsIn(removed);
  await removedKeys.add({ account, credentialIds, now: clock.now() });
}
