/**
 * What browsers are told of the passkeys that they list for us (WebAuthn §5.1.10): that one is gone
 * for good, to whoever has just tried it, and which ones an account has, to nobody but its owner who
 * has just signed in.
 */
import { credentialIdsIn } from '../../credentials/security-key.ts';
import type { Clock } from '../../lib/clock.ts';
import { keyAnswer } from './response.ts';

export interface PasskeyListDeps {
  /** Undefined where keys do not work at all. */
  readonly rpId: string | undefined;
  /** By the ids under which browsers list keys. */
  readonly accounts: { holdsKey(credentialId: string): Promise<boolean> };
  readonly removedKeys: {
    isErased(credentialId: string, now: Date): Promise<boolean>;
    keptOf(account: string, now: Date): Promise<readonly string[]>;
  };
  readonly clock: Clock;
}

interface Owner {
  readonly _id: string;
  readonly userHandle?: string;
  readonly credentials: Parameters<typeof credentialIdsIn>[0];
}

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
    async acceptedOf({ _id, userHandle, credentials }: Owner) {
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
