/**
 * Methods whose secret somebody brings along: read here into what an account keeps, or refused
 * with the reason. What we could not verify later is not taken.
 */
import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { readAddress, type StoredEmail } from '../credentials/email.ts';
import { kinds } from '../credentials/index.ts';
import {
  isServed,
  type PhoneType,
  phoneTypeAmong,
  phoneTypes,
  type StoredPhone,
} from '../credentials/phone.ts';
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
 * A phone that texts or calls went to in another house. Numbers come and go, and what libphonenumber
 * calls valid changes with each version: who held one then holds it still.
 */
const heldPhone = z
  .strictObject({
    number: z.string().regex(/^\+[1-9]\d{4,14}$/, 'must be like +14255550134'),
    countryCallingCode: z.string().regex(/^[1-9]\d{0,2}$/),
    type: kinds.phone.stored.shape.type,
    phoneType: z.enum(phoneTypes).exactOptional(),
  })
  .refine(({ number, countryCallingCode }) => number.startsWith(`+${countryCallingCode}`), {
    error: 'does not begin with its countryCallingCode',
  });

/** An address for resets, read as one that is typed. */
export const givenEmail = z.strictObject({
  address: z.string().transform((typed, context) => {
    const address = readAddress(typed);
    if (address === undefined) {
      context.addIssue('must be one plain address, such as ada@example.org');
    }
    return address ?? z.NEVER;
  }),
});

/** Throws Refusal for what could not be written to. */
export function emailFrom(typed: string): StoredEmail {
  const { data } = givenEmail.safeParse({ address: typed });
  if (!data) throw new Refusal('email-unfit');
  return data;
}

/** A number as people write it, with what it is to its owner. */
const writtenPhone = z.strictObject({
  number: z.string().max(64),
  phoneType: z.enum(phoneTypes),
});

/** A number alone, or all that is kept of one. */
export const givenPhone = z.union([z.string().max(64), writtenPhone, heldPhone], {
  error: `must be a number, or {number, phoneType} with one of: ${phoneTypes.join(', ')}`,
});

export type GivenPhone = z.infer<typeof givenPhone>;
export type NumberedPhone = Omit<StoredPhone, 'typed'>;

interface Among {
  readonly phoneCountries: readonly string[];
  readonly held: readonly unknown[];
}

/** Throws Refusal for what could be neither texted nor called. */
export async function phoneFrom(given: GivenPhone, among: Among): Promise<NumberedPhone> {
  if (typeof given === 'string') return phoneWritten({ number: given }, among);
  if (!('countryCallingCode' in given)) return phoneWritten(given, among);
  if (!(await isServed(given.countryCallingCode, among.phoneCountries))) {
    throw new Refusal('phone-unfit', { flaw: 'phone-country-refused' });
  }
  return { ...given, phoneType: placed(given, given.phoneType, among.held) };
}

/** What a phone is to whoever has these. */
export function placed(
  { number, type }: Pick<NumberedPhone, 'number' | 'type'>,
  wanted: PhoneType | undefined,
  held: readonly unknown[],
): PhoneType {
  try {
    return phoneTypeAmong(held, { number, type, wanted });
  } catch (error) {
    throw refusalFor(error);
  }
}

/** One after the other, because each takes a place. */
export async function phonesFrom(
  given: readonly GivenPhone[],
  phoneCountries: readonly string[],
): Promise<readonly NumberedPhone[]> {
  const held: NumberedPhone[] = [];
  for (const each of given) held.push(await phoneFrom(each, { phoneCountries, held }));
  return held;
}

async function phoneWritten(
  { number: typed, phoneType }: { readonly number: string; readonly phoneType?: PhoneType },
  among: Among,
): Promise<NumberedPhone> {
  const number = visible(typed);
  if (!/^[+＋]/.test(number)) throw new Refusal('phone-unfit', { flaw: 'phone-invalid' });
  try {
    const form = { country: '', number, ...(phoneType && { phoneType }) };
    const { typed: _, ...phone } = await kinds.phone.adding.draft(form, among);
    return phone;
  } catch (error) {
    throw refusalFor(error);
  }
}

const refusalFor = (error: unknown): unknown =>
  error instanceof Problem ? new Refusal('phone-unfit', { flaw: error.code }) : error;

/** Numbers alone where they say all, as for almost everybody. */
export async function phonesToGive(all: readonly StoredPhone[]): Promise<readonly GivenPhone[]> {
  const given: GivenPhone[] = [];
  for (const [at, { typed: _, ...phone }] of all.entries()) {
    const among = { phoneCountries: [], held: all.slice(0, at) };
    const read = await phoneFrom(phone.number, among).catch((error: unknown) => {
      if (isRefusal(error)) return undefined;
      throw error;
    });
    given.push(isDeepStrictEqual(read, phone) ? phone.number : phone);
  }
  return given;
}
