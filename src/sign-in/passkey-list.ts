/**
 * The passkeys that a browser lists for us (WebAuthn §5.1.10), as a sign-in knows them.
 */
import type { Account } from '../models/account.ts';

export interface PasskeyList {
  /** The domain of our keys; undefined where keys do not work at all. */
  readonly rpId: string | undefined;
  /** The key that was tried, where it was ours and is gone for good. */
  erasedIn(response: string | undefined): Promise<string | undefined>;
  /** What a browser may list for this account, for nobody but its owner. */
  acceptedOf(account: Account): Promise<AllAccepted | undefined>;
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
