/**
 * Using a key: what the browser is asked for (WebAuthn §5.5), and whether the answer is right
 * (§7.2).
 */
import type { StoredSecurityKey } from '../../credentials/security-key.ts';
import { type Attempt, failed, type Held, passedWith, type Verdict } from '../method.ts';
import { isOfOurPage } from './client-data.ts';
import { isModelAllowed, type KeyPolicy } from './policy.ts';
import { amrOf, traitsOf } from './proof.ts';
import { isSound } from './public-key.ts';
import { descriptorOf } from './register.ts';
import type { RelyingParty } from './relying-party.ts';
import { isMade, type KeyAnswer, type UsedKey } from './response.ts';

export interface Memo {
  readonly challenge: string;
  /** Nobody was named: the answer must say whose it is. */
  readonly isUnnamed?: true | undefined;
  /** It must have made sure of its user. */
  readonly isVerifying?: true | undefined;
}

interface Requesting {
  readonly relyingParty: RelyingParty;
  readonly memo: Memo;
  readonly held: readonly Held<StoredSecurityKey>[];
  readonly validForSeconds: number;
}

/** PublicKeyCredentialRequestOptionsJSON (WebAuthn §5.1.10). */
export const requestOptions = ({ relyingParty, memo, held, validForSeconds }: Requesting) => ({
  challenge: memo.challenge,
  rpId: relyingParty.id,
  timeout: validForSeconds * 1000,
  userVerification: memo.isVerifying ? 'required' : 'preferred',
  allowCredentials: held.map(({ stored }) => descriptorOf(stored)),
});

interface Judged {
  readonly relyingParty: RelyingParty;
  readonly policy: KeyPolicy;
  readonly now: Date;
}

/** Throws what the library throws for an answer that is broken or not ours. */
export async function authenticated(
  { credential: stored, memo, answer, userHandle }: Attempt<StoredSecurityKey, Memo, KeyAnswer>,
  { relyingParty, policy, now }: Judged,
): Promise<Verdict<StoredSecurityKey>> {
  const { response } = answer;
  if (isMade(response)) return failed('wrong-answer', 'it is a new key');
  const flaw = flawOf(response, memo, userHandle);
  if (flaw) return failed('wrong-answer', flaw);
  const info = await verified(response, { stored, challenge: memo.challenge, relyingParty });
  if (!info) return failed('wrong-answer', 'its signature is wrong');
  // A key is made as one that may be copied or not, and stays so (§7.2 step 18).
  if ((info.credentialDeviceType === 'multiDevice') !== stored.isBackupEligible) {
    return failed('wrong-answer', 'its backup eligibility changed');
  }
  if (isBehind(info.newCounter, stored)) {
    const because = `its counter says ${info.newCounter} after ${stored.signCount}`;
    return suspendedBy(because, { ...stored, suspendedAt: now });
  }
  if (memo.isUnnamed && !policy.passwordless) {
    return failed('not-allowed', 'nobody is named by a key any more');
  }
  if (!isModelAllowed(policy, stored.aaguid)) {
    return failed('not-allowed', `of the model ${stored.aaguid}`);
  }
  // Whoever finds a key without a PIN may give it one: it stands alone only once it made sure of its
  // user when it was made, or beside a password (§7.2 step 25, `uvInitialized`).
  if (memo.isVerifying && !(info.userVerified && stored.isUserVerified)) {
    return failed('not-verified');
  }
  const key = {
    ...stored,
    signCount: info.newCounter,
    isBackedUp: info.credentialBackedUp,
    isUserVerified: stored.isUserVerified || info.userVerified,
  };
  const asUsed = { ...key, isUserVerified: info.userVerified };
  return passedWith({ credential: key, amr: amrOf(asUsed), traits: traitsOf(asUsed, policy) });
}

function flawOf(
  { response: { clientDataJSON, userHandle: said } }: UsedKey,
  { isUnnamed }: Memo,
  userHandle: string | undefined,
): string | undefined {
  if (!isOfOurPage(clientDataJSON)) return 'it was used in a frame';
  if (said === undefined ? isUnnamed : said !== userHandle) return 'it names another account';
  return undefined;
}

/** A counter that does not rise is one of two (§6.1.1); a key that never counts says 0. */
const isBehind = (count: number, { signCount }: StoredSecurityKey): boolean =>
  (count > 0 || signCount > 0) && count <= signCount;

const suspendedBy = (
  because: string,
  credential: StoredSecurityKey,
): Verdict<StoredSecurityKey> => ({
  ...{ outcome: 'failed', reason: 'suspended', because, credential },
});

async function verified(
  response: UsedKey,
  asked: { stored: StoredSecurityKey; challenge: string; relyingParty: RelyingParty },
) {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { stored, challenge, relyingParty } = asked;
  if (!(await isSound(stored.publicKey))) return undefined;
  const { verified: isRight, authenticationInfo } = await verifyAuthenticationResponse({
    response: { ...response, rawId: response.id } as Parameters<
      typeof verifyAuthenticationResponse
    >[0]['response'], // our shape is narrower
    ...{ expectedChallenge: challenge, expectedOrigin: relyingParty.origin },
    ...{ expectedRPID: relyingParty.id, requireUserVerification: false },
    credential: {
      id: stored.credentialId,
      publicKey: new Uint8Array(Buffer.from(stored.publicKey, 'base64url')),
      // The library looks at the counter before the signature; anybody could make it go back.
      counter: 0,
    },
  });
  return isRight ? authenticationInfo : undefined;
}
