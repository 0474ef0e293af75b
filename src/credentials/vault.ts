/**
 * The context under which one credential's secrets are sealed: a seed copied to another
 * account, or to another credential of the same one, does not open.
 */
import type { Crypt } from '../lib/crypt.ts';
import { readable } from '../lib/unreadable.ts';
import type { Vault } from './kind.ts';

export const credentialContext = (accountId: string, credentialId: string): string =>
  `accounts/${accountId}/credentials/${credentialId}`;

export function vaultOf(crypt: Crypt, accountId: string, credentialId: string): Vault {
  const context = credentialContext(accountId, credentialId);
  return {
    seal: (secret) => crypt.seal(secret, context),
    open: (sealed) => readable(context, () => crypt.open(sealed, context)),
    digest: (secret) => crypt.digest(secret, context),
    matches: (secret, digest) => crypt.matches(secret, context, digest),
  };
}
