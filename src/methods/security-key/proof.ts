/**
 * What an answer by a key proves (OpenID EAP ACR Values 1.0, RFC 8176).
 */
import type { Trait } from '../../assurance/proof.ts';
import { isHardwareBound, type StoredSecurityKey } from '../../credentials/security-key.ts';
import type { KeyPolicy } from './policy.ts';

/** A key that nobody vouches for may be software; and whether it was a PIN, none of them says. */
export const amrOf = (key: StoredSecurityKey): readonly string[] => [
  isHardwareBound(key) ? 'hwk' : 'swk',
  ...(key.isUserVerified ? ['user'] : []),
];

/** At best, whatever policy says. */
export const ownTraits = (key: StoredSecurityKey): readonly Trait[] => [
  'phishing-resistant',
  ...(isHardwareBound(key) ? (['hardware-bound'] as const) : []),
  ...(key.isUserVerified ? (['stands-alone'] as const) : []),
];

export const traitsUnder = ({ attestation, passwordless }: KeyPolicy): readonly Trait[] => [
  'phishing-resistant',
  ...(attestation === 'none' ? [] : (['hardware-bound'] as const)),
  ...(passwordless ? (['stands-alone'] as const) : []),
];

export const traitsOf = (key: StoredSecurityKey, policy: KeyPolicy): readonly Trait[] =>
  ownTraits(key).filter((trait) => traitsUnder(policy).includes(trait));
