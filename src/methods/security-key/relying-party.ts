/**
 * As which relying party keys know us (WebAuthn §5.1.2): by the host of the issuer or a domain
 * above it, never by a network address.
 */
import { isIP } from 'node:net';

export interface RelyingParty {
  /** A domain: keys that were made for it are of no use to any other. */
  readonly id: string;
  /** Of the pages on which they may be used. */
  readonly origin: string;
}

/** Undefined where the issuer is a network address, for which no browser makes keys. */
export function relyingPartyOf(issuer: string, rpId?: string): RelyingParty | undefined {
  const { hostname, origin } = new URL(issuer);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return undefined;
  return { id: rpId ?? hostname, origin };
}

/** Whether browsers would take it from a page of this issuer. */
export function isRpIdOf(issuer: string, rpId: string): boolean {
  const { hostname } = new URL(issuer);
  const isAbove = hostname.endsWith(`.${rpId}`) && rpId.includes('.');
  return rpId === hostname || (isAbove && relyingPartyOf(issuer) !== undefined);
}
