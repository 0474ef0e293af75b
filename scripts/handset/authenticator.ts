/**
 * The authenticator app of the handset: reads what a person pastes, and shows the code of
 * the moment (RFC 6238).
 */
import { generateSync } from 'otplib';
import { z } from 'zod';

const STEP_SECONDS = 30;

export interface AuthenticatorEntry {
  readonly issuer: string;
  readonly account: string;
  /** Base 32. */
  readonly seed: string;
}

/** 128 bits at least (RFC 4226, R6), in groups and in any case, as people copy it. */
const Seed = z
  .string()
  .transform((typed) => typed.replace(/[\s-]/g, '').replace(/=+$/, '').toUpperCase())
  .pipe(z.string().regex(/^[A-Z2-7]{26,128}$/));

/** From an otpauth address or a bare secret; undefined where it is neither. */
export function readEntry(pasted: string): AuthenticatorEntry | undefined {
  const text = pasted.trim();
  return text.toLowerCase().startsWith('otpauth:') ? readAddress(text) : readSecret(text);
}

function readSecret(text: string): AuthenticatorEntry | undefined {
  const seed = Seed.safeParse(text);
  return seed.success ? { issuer: '', account: 'Key without a name', seed: seed.data } : undefined;
}

function readAddress(text: string): AuthenticatorEntry | undefined {
  if (!URL.canParse(text)) return undefined;
  const { host, pathname, searchParams } = new URL(text);
  const seed = Seed.safeParse(searchParams.get('secret') ?? '');
  // Other lengths and digests exist, and this small app does not have them.
  const isOrdinary =
    (searchParams.get('digits') ?? '6') === '6' &&
    (searchParams.get('period') ?? '30') === '30' &&
    (searchParams.get('algorithm') ?? 'SHA1').toUpperCase() === 'SHA1';
  if (host !== 'totp' || !seed.success || !isOrdinary) return undefined;

  const [first = '', second] = decodeURIComponent(pathname.slice(1)).split(':');
  const issuer = searchParams.get('issuer') ?? (second === undefined ? '' : first);
  return { issuer, account: (second ?? first).trim(), seed: seed.data };
}

export interface ShownCode {
  readonly code: string;
  readonly secondsLeft: number;
}

export function codeOf({ seed }: AuthenticatorEntry, now: Date): ShownCode {
  const epoch = Math.floor(now.getTime() / 1000);
  return {
    code: generateSync({ secret: seed, epoch }),
    secondsLeft: STEP_SECONDS - (epoch % STEP_SECONDS),
  };
}
