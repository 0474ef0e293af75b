/**
 * Making a key: what the browser is asked for (WebAuthn §5.4), and whether what came of it is a
 * key that we take (§7.1). It is made and proved in one.
 */
import type { VerifiedRegistrationResponse } from '@simplewebauthn/server';

import type { StoredSecurityKey } from '../../credentials/security-key.ts';
import { type Attempt, failed, type Held, type Occasion, passedWith } from '../method.ts';
import { isTrusted } from './attestation.ts';
import { isOfOurPage } from './client-data.ts';
import { isModelAllowed, type KeyPolicy } from './policy.ts';
import { amrOf, traitsOf } from './proof.ts';
import { ALGORITHMS, isVerifiable } from './public-key.ts';
import type { RelyingParty } from './relying-party.ts';
import { judgeable } from './statement.ts';
import { isMade, type KeyAnswer, type MadeKey } from './response.ts';

export interface Registering {
  readonly relyingParty: RelyingParty;
  readonly challenge: string;
  /** As the browser's lists name us. */
  readonly organisation: string;
  readonly validForSeconds: number;
}

/** PublicKeyCredentialCreationOptionsJSON (WebAuthn §5.1.9). */
export function creationOptions(
  { relyingParty, challenge, organisation, validForSeconds }: Registering,
  { whose, held }: Pick<Occasion, 'whose'> & { readonly held: readonly Held<StoredSecurityKey>[] },
  { attestation }: KeyPolicy,
) {
  if (whose?.userHandle === undefined) throw new Error('a key is made for nobody');
  return {
    rp: { id: relyingParty.id, name: organisation },
    user: { id: whose.userHandle, name: whose.username, displayName: whose.name },
    challenge,
    pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
    timeout: validForSeconds * 1000,
    excludeCredentials: held.map(({ stored }) => descriptorOf(stored)),
    authenticatorSelection: {
      residentKey: 'preferred',
      requireResidentKey: false,
      userVerification: 'preferred',
    },
    attestation: attestation === 'none' ? 'none' : 'direct',
    extensions: { credProps: true },
  };
}

/** PublicKeyCredentialDescriptorJSON (WebAuthn §5.8.3). */
export const descriptorOf = ({ credentialId: id, transports }: StoredSecurityKey) => ({
  type: 'public-key',
  id,
  ...(transports.length > 0 && { transports }),
});

type RegistrationInfo = NonNullable<VerifiedRegistrationResponse['registrationInfo']>;
type Made = Omit<Attempt<never, { readonly challenge: string }, KeyAnswer>, 'credential'>;

/** Throws what the library throws for an answer that is broken or not ours. */
export async function registered(
  { memo, answer }: Made,
  { relyingParty, policy, now }: { relyingParty: RelyingParty; policy: KeyPolicy; now: Date },
) {
  const { response, name } = answer;
  if (!isMade(response)) return failed('wrong-answer', 'it is no new key');
  if (!isOfOurPage(response.response.clientDataJSON)) {
    return failed('wrong-answer', 'it was made in a frame');
  }
  const made = await verified(response, memo.challenge, relyingParty);
  if (!made) return failed('wrong-answer', 'its attestation is wrong');
  if (!(await isVerifiable(made.key.publicKey)))
    return failed('not-allowed', 'it cannot be verified');
  const isVouchedFor = isTrusted(made, policy, now);
  const isWanted = isModelAllowed(policy, made.aaguid);
  if (!isWanted || (policy.attestation === 'required' && !isVouchedFor)) {
    return failed('not-allowed', `of the model ${made.aaguid}, attested as ${made.format}`);
  }
  const key: StoredSecurityKey = {
    ...made.key,
    ...(isVouchedFor && { attestation: made.format }),
    ...(name !== undefined && name !== '' && { name }),
  };
  return passedWith({ credential: key, amr: amrOf(key), traits: traitsOf(key, policy) });
}

async function verified(response: MadeKey, challenge: string, { id, origin }: RelyingParty) {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const attestationObject = await judgeable(response.response.attestationObject);
  const { verified: isRight, registrationInfo: info } = await verifyRegistrationResponse({
    response: {
      ...response,
      rawId: response.id,
      response: { ...response.response, attestationObject },
    },
    ...{ expectedChallenge: challenge, expectedOrigin: origin, expectedRPID: id },
    requireUserVerification: false,
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
  if (!isRight || info.credential.id !== response.id) return undefined;
  const { credential, aaguid, fmt: format } = info;
  const certificates = await certificatesIn(info);
  if (!certificates) return undefined;
  const key = {
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey).toString('base64url'),
    signCount: credential.counter,
    transports: response.response.transports,
    aaguid,
    isBackupEligible: info.credentialDeviceType === 'multiDevice',
    isBackedUp: info.credentialBackedUp,
    isUserVerified: info.userVerified,
  };
  return { key, aaguid, format, certificates };
}

/** None where a key vouches for itself by another algorithm than its own (§8.2): nobody else looks. */
async function certificatesIn({
  attestationObject,
  credential,
}: Pick<RegistrationInfo, 'attestationObject' | 'credential'>) {
  const { cose, decodeAttestationObject, decodeCredentialPublicKey } =
    await import('@simplewebauthn/server/helpers');
  const statement = decodeAttestationObject(attestationObject).get('attStmt');
  const certificates = statement.get('x5c') ?? [];
  const own = decodeCredentialPublicKey(credential.publicKey).get(cose.COSEKEYS.alg);
  const algorithm = statement.get('alg') ?? own;
  return certificates.length === 0 && algorithm !== own ? undefined : certificates;
}
