/**
 * A phone that takes texts or calls, known by its number. Whether a country is served is the
 * deployment's decision; how often it is written to or called, the door's.
 */
import type { PhoneNumber, PhoneNumberType } from 'libphonenumber-js/max';
import { z } from 'zod';

import { maskPhone } from '../lib/mask.ts';
import { Problem } from '../lib/problem.ts';
import { visible } from '../lib/visible.ts';
import type { CredentialKind, DraftPorts } from './kind.ts';

export type StoredPhone = z.infer<typeof stored>;
export type PhoneType = (typeof phoneTypes)[number];

/** The first takes texts and calls, the others calls alone. */
export const phoneTypes = ['mobile', 'alternate-mobile', 'office'] as const;

const stored = z.object({
  /** E.164. */
  number: z.string(),
  countryCallingCode: z.string(),
  /** Some countries, as the United States, do not tell mobile numbers from others. */
  type: z.enum(['mobile', 'mobile-or-fixed-line', 'fixed-line']),
  /** What it is to its owner, who has one of each. */
  phoneType: z.enum(phoneTypes).default('mobile'),
  /** What was typed, where more than its spelling was changed. */
  typed: z.string().exactOptional(),
});

const form = z.object({
  /** ISO 3166; what was typed wins over it when it begins with +. */
  country: z.string(),
  number: z.string().max(64),
  phoneType: z.enum(phoneTypes).exactOptional(),
});

type DraftedFrom = Pick<DraftPorts, 'phoneCountries' | 'held'>;

export const phone = {
  id: 'phone',
  stored,
  most: phoneTypes.length,
  hint: ({ countryCallingCode, number }: StoredPhone) => maskPhone(countryCallingCode, number),
  variant: ({ phoneType }: StoredPhone) => (phoneType === 'mobile' ? undefined : phoneType),
  inFull: ({ number }) => asWritten(number),
  adding: {
    form,
    isReplaceable: true,
    offer: async ({ phoneCountries }) => ({ countries: await countries(phoneCountries) }),
    async draft(
      { country, number: pasted, phoneType: wanted }: z.infer<typeof form>,
      { phoneCountries, held }: DraftedFrom,
    ) {
      // Contact lists put direction marks around numbers, and narrow spaces into them.
      const typed = visible(pasted);
      const parsed = await parse(typed, country);
      const type = typeOf(parsed);
      if (phoneCountries.length > 0 && !phoneCountries.includes(parsed.country ?? '')) {
        throw new Problem('phone-country-refused');
      }
      const { number, countryCallingCode, ext } = parsed;
      const phoneType = phoneTypeAmong(held, { number, type, wanted });
      return { number, countryCallingCode, type, phoneType, ...(ext && { typed }) };
    },
    clashes: ({ number, phoneType }, held) =>
      readable(held).some((other) => other.number === number || other.phoneType === phoneType),
    // Their own, and just typed: nothing is to be hidden while it is set up.
    show: async ({ number, typed }) => ({
      number: await asWritten(number),
      isShortened: typed !== undefined,
    }),
  },
} satisfies CredentialKind<StoredPhone, z.infer<typeof form>>;

// Several megabytes in memory, so they are read only when somebody adds a phone. The smaller
// sets of the library cannot tell a mobile number from a fixed line.
const metadata = () => import('libphonenumber-js/max');

async function parse(typed: string, country: string): Promise<PhoneNumber> {
  const { isSupportedCountry, parsePhoneNumberFromString } = await metadata();
  const parsed = parsePhoneNumberFromString(typed, {
    ...(isSupportedCountry(country) && { defaultCountry: country }),
    // Otherwise a number is found in the midst of any text.
    extract: false,
  });
  if (!parsed?.isValid()) throw new Problem('phone-invalid');
  return parsed;
}

/** As people of other countries would write it: `+1 201 555 0134`. */
async function asWritten(number: string): Promise<string> {
  const { parsePhoneNumberFromString } = await metadata();
  return parsePhoneNumberFromString(number)?.formatInternational() ?? number;
}

const readable = (all: readonly unknown[]): StoredPhone[] =>
  all.flatMap((each) => stored.safeParse(each).data ?? []);

interface New {
  readonly number: string;
  readonly type: StoredPhone['type'];
  readonly wanted?: PhoneType | undefined;
}

/**
 * What one more phone is to whoever has these: a fixed line stands on the desk, and whoever has a
 * mobile phone may have another. Throws Problem where there is such a one already.
 */
export function phoneTypeAmong(
  stored: readonly unknown[],
  { number, type, wanted }: New,
): PhoneType {
  const held = readable(stored);
  const isTaken = (each: PhoneType): boolean => held.some(({ phoneType }) => phoneType === each);
  if (held.some((other) => other.number === number)) throw new Problem('phone-held');
  const isFixed = type === 'fixed-line';
  if (isFixed && wanted !== undefined && wanted !== 'office') throw new Problem('phone-not-mobile');
  const phoneType =
    wanted ?? (isFixed ? 'office' : isTaken('mobile') ? 'alternate-mobile' : 'mobile');
  if (isTaken(phoneType)) throw new Problem('phone-type-held');
  return phoneType;
}

const types: Partial<Record<PhoneNumberType, StoredPhone['type']>> = {
  FIXED_LINE: 'fixed-line',
  MOBILE: 'mobile',
  FIXED_LINE_OR_MOBILE: 'mobile-or-fixed-line',
};

/** Only what proves that one device is held: no VoIP, and nothing that costs us extra. */
function typeOf(parsed: PhoneNumber): StoredPhone['type'] {
  const type = parsed.getType();
  const accepted = type && types[type];
  // Satellite networks have country codes of their own and call their numbers mobile.
  if (!accepted || parsed.isNonGeographic()) throw new Problem('phone-type-refused');
  return accepted;
}

/** Whether any country of this calling code is served; every country is when none is named. */
export async function isServed(callingCode: string, allowed: readonly string[]): Promise<boolean> {
  const all = await countries(allowed);
  return allowed.length === 0 || all.some((country) => country.callingCode === callingCode);
}

export interface Country {
  readonly code: string;
  readonly callingCode: string;
}

/** What the form offers, in no order; all countries when none is named. */
export async function countries(allowed: readonly string[]): Promise<readonly Country[]> {
  const { getCountries, getCountryCallingCode } = await metadata();
  return getCountries()
    .filter((code) => allowed.length === 0 || allowed.includes(code))
    .map((code) => ({ code, callingCode: getCountryCallingCode(code) }));
}
