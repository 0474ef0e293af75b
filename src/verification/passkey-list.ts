/**
 * What browsers are told of the passkeys that they list for us (WebAuthn §5.1.10): that one is gone
 * for good, to whoever has just tried it, and which ones an account has, to nobody but its owner who
 * has just signed in.
 */
import { credentialIdsIn } from '../credentials/security-key.ts';
import type { Clock } from '../lib/clock.ts';
import { keyAnswer } from '../methods/security-key/response.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { RemovedKeys } from '../models/removed-key.ts';

export interface PasskeyListDeps {
  /** Undefined where keys do not work at all. */
  readonly rpId: string | undefined;
  readonly accounts: Pick<Accounts, 'holdsKey'>;
  readonly removedKeys: Pick<RemovedKeys, 'isErased' | 'keptOf'>;
  readonly clock: Clock;
}

/** UnknownCredentialOptions. */
export interface UnknownCredential {
  readonly rpId: string;
  readonly credentialId: string;
}

/** AllAcceptedCredentialsOptions. */
export interface AllAccepted {
  readonly rpId: string;
  readonly userId: string;
  readonly allAcceptedCredentialIds: readonly string[];
}

export type PasskeyList = ReturnType<typeof createPasskeyList>;

export function createPasskeyList({ rpId, accounts, removedKeys, clock }: PasskeyListDeps) {
  return {
    rpId,

    /** The key that was tried, where it was ours and is gone for good. */
    async erasedIn(response: string | undefined): Promise<string | undefined> {
      const read = keyAnswer.safeParse({ response });
      if (!read.success) return undefined;
      const { id } = read.data.response;
      const isErased = await removedKeys.isErased(id, clock.now());
      // It may have come back with an import.
      return isErased && !(await accounts.holdsKey(id)) ? id : undefined;
    },

    /** Suspended keys and those that policy forbids among them: they may be of use again. */
    async acceptedOf({ _id, userHandle, credentials }: Account): Promise<AllAccepted | undefined> {
      if (rpId === undefined || userHandle === undefined) return undefined;
      const held = credentialIdsIn(credentials);
      const kept = await removedKeys.keptOf(_id, clock.now());
      return {
        rpId,
        userId: userHandle,
        allAcceptedCredentialIds: [...new Set([...held, ...kept])],
      };
    },
  };
}
