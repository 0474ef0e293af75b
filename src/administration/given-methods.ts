/**
 * Methods whose secret somebody brings along: read here into what an account keeps, or refused
 * with the reason. What we could not verify later is not taken.
 */
import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { kinds } from '../credentials/index.ts';
import { isServed, type StoredPhone } from '../credentials/phone.ts';
import type { Vault } from '../credentials/kind.ts';
import { bitsOf, isUsable, wholeBytes } from '../credentials/seed.ts';
import { Problem } from '../lib/problem.ts';
import { bareCode, visible } from '../lib/visible.ts';
import { isRefusal, Refusal } from './refusal.ts';

/** RFC 4226 R6 asks for 128 bits at least. */
const FEWEST_SEED_BITS = 128;
const MOST_SEED_BITS = 512;

export const seed = z
  .string()
  .transform((typed) => bareCode(typed).replaceAll('=', '').toUpperCase())
  .pipe(
    z
      .string()
      .regex(/^[A-Z2-7]+$/, 'is not base 32')
      .refine((text) => bitsOf(text) >= FEWEST_SEED_BITS, {
        abort: true,
        error: ({ input }) =>
          `is too short: ${bitsOf(String(input))} bits, and ${FEWEST_SEED_BITS} are needed`,
      })
      .refine((text) => bitsOf(text) <= MOST_SEED_BITS, `has more than ${MOST_SEED_BITS} bits`)
      .overwrite(wholeBytes)
      .refine(isUsable, 'cannot be verified'),
  );

/** An authenticator app: of all that RFC 6238 allows, the form that every app knows. */
export const totp = z.strictObject({
  secret: seed,
  digits: z.literal(6, 'must be 6').exactOptional(),
  period: z.literal(30, 'must be 30').exactOptional(),
  algorithm: z
    .string()
    .regex(/^SHA-?1$/i, 'must be SHA1')
    .exactOptional(),
  /** The newest time step that was used elsewhere already. */
  lastStep: z.int().min(0).exactOptional(),
});

export type Totp = z.infer<typeof totp>;

export const appFrom = ({ secret, lastStep = 0 }: Totp, vault: Pick<Vault, 'seal'>) => ({
  seed: vault.seal(secret),
  lastStep,
});

/**
 * A phone that texts went to in another house. Numbers come and go, and what libphonenumber calls
 * valid changes with each version: who held one then holds it still.
 */
const heldPhone = z
  .strictObject({
    number: z.string().regex(/^\+[1-9]\d{4,14}$/, 'must be like +14255550134'),
    countryCallingCode: z.string().regex(/^[1-9]\d{0,2}$/),
    type: kinds.phone.stored.shape.type,
    phoneType: kinds.phone.stored.shape.phoneType,
  })
  .refine(({ number, countryCallingCode }) => number.startsWith(`+${countryCallingCode}`), {
    error: 'does not begin with its countryCallingCode',
  });

/** A number as people write it, or all that is kept of one. */
export const givenPhone = z.union([z.string().max(64), heldPhone]);

type HeldPhone = z.infer<typeof heldPhone>;
export type GivenPhone = z.infer<typeof givenPhone>;

/** Throws Refusal for what could not be texted. */
export async function phoneFrom(
  given: GivenPhone,
  phoneCountries: readonly string[],
): Promise<HeldPhone> {
  if (typeof given !== 'string') {
    if (await isServed(given.countryCallingCode, phoneCountries)) return given;
    throw new Refusal('phone-unfit', { flaw: 'phone-country-refused' });
  }
  const number = visible(given);
  if (!/^[+＋]/.test(number)) throw new Refusal('phone-unfit', { flaw: 'phone-invalid' });
  try {
    const form = { country: '', number };
    const ports = { phoneCountries, held: [] };
    const { typed: _, ...phone } = await kinds.phone.adding.draft(form, ports);
    return phone;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Refusal('phone-unfit', { flaw: error.code });
  }
}

/** The number alone where it says all, as for almost everybody. */
export async function phoneToGive({ typed: _, ...held }: StoredPhone): Promise<GivenPhone> {
  const read = await phoneFrom(held.number, []).catch((error: unknown) => {
    if (isRefusal(error)) return undefined;
    throw error;
  });
  return isDeepStrictEqual(read, held) ? held.number : held;
}
