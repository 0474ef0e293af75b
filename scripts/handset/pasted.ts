/**
 * What was taken from a page: an account for the authenticator, or a code that pairs an
 * approval app.
 */
import { readPairingCode } from '../../src/credentials/approver-app.ts';
import { type AuthenticatorEntry, readEntry } from './authenticator.ts';

export type Pasted = { readonly entry: AuthenticatorEntry } | { readonly pairing: string };

/** Undefined where it is neither. A bare code may be either, so it is what somebody asked for. */
export function readPasted(
  pasted: string,
  { issuer, isForPairing }: { readonly issuer: string; readonly isForPairing: boolean },
): Pasted | undefined {
  const text = pasted.trim();
  const isAddress = text.startsWith(`${issuer}/approver`) && text.includes('#');
  if (isAddress || (isForPairing && !text.includes(':'))) {
    const code = readPairingCode(text.slice(text.indexOf('#') + 1));
    if (/^[A-Z2-7]{26}$/.test(code)) return { pairing: code };
  }
  const entry = readEntry(text);
  return entry && { entry };
}
