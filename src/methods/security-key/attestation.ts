/**
 * Whether somebody whom policy trusts vouches for a key (WebAuthn §6.5, §7.1 steps 23 to 25). The
 * library has checked the statement itself by then; here its certificates must lead to a root that
 * the organisation named.
 *
 * Why so: the library keeps its roots once for a whole process, takes any chain where it has none,
 * and asks the network for revocation lists, at addresses that the certificates name. Statements of
 * which it does so unasked never reach it (statement.ts).
 */
import { X509Certificate } from 'node:crypto';

import { isModelAllowed, type KeyPolicy } from './policy.ts';

/** A statement as it was sent. */
export interface Attestation {
  readonly format: string;
  /** DER, the key's own certificate first; empty where the key only vouches for itself. */
  readonly certificates: readonly Uint8Array[];
  readonly aaguid: string;
}

/** Longer chains are nobody's. */
export const MOST_CERTIFICATES = 5;

export function isTrusted({ certificates, aaguid }: Attestation, policy: KeyPolicy, now: Date) {
  if (policy.attestation === 'none' || !isModelAllowed(policy, aaguid)) return false;
  if (certificates.length === 0 || certificates.length > MOST_CERTIFICATES) return false;
  try {
    const chain = certificates.map((der) => new X509Certificate(der));
    const roots = policy.attestationRoots.map((pem) => new X509Certificate(pem));
    return leadsToOneOf(roots, chain, now);
  } catch {
    return false;
  }
}

/** Each was issued by the next, and the last by a root, or is one. */
function leadsToOneOf(
  roots: readonly X509Certificate[],
  chain: readonly X509Certificate[],
  now: Date,
): boolean {
  const last = chain.at(-1);
  if (!last || !chain.every((one) => isCurrent(one, now))) return false;
  const isLinked = chain.every((one, at) => {
    const issuer = chain[at + 1];
    return issuer === undefined || (issuer.ca && isIssuedBy(one, issuer));
  });
  const isRooted = roots.some(
    (root) => isCurrent(root, now) && (root.raw.equals(last.raw) || isIssuedBy(last, root)),
  );
  return isLinked && isRooted;
}

const isIssuedBy = (one: X509Certificate, issuer: X509Certificate): boolean =>
  one.checkIssued(issuer) && one.verify(issuer.publicKey);

const isCurrent = ({ validFromDate, validToDate }: X509Certificate, now: Date): boolean =>
  validFromDate <= now && now <= validToDate;
