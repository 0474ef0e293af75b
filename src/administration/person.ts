/**
 * What an account may be called and belong to, wherever it comes from. User text is text
 * everywhere, so nothing here may hold what a page, a mail or a terminal would obey.
 */
import { isDeepStrictEqual } from 'node:util';

import { z } from 'zod';

import { kinds } from '../credentials/index.ts';
import { hasUnfitSigns } from '../lib/names.ts';
import { visible } from '../lib/visible.ts';
import { type Account, LONGEST_IDENTIFIER } from '../models/account.ts';
import type { Profile } from '../models/profile.ts';
import { membership } from '../policy/membership.ts';
import { Refusal } from './refusal.ts';

const LONGEST_NAME = 200;
const MOST_MEMBERSHIPS = 200;

const plain = (most: number, text = z.string()) =>
  text
    .min(1, 'must not be empty')
    .max(most, `must not have more than ${most} characters`)
    .refine((text) => text === text.trim(), 'must not begin or end with a space')
    .refine((text) => !hasUnfitSigns(text), 'has control or invisible characters');

/** As at sign-in: what is pasted with a name and cannot be seen is no part of it. */
const identifier = plain(LONGEST_IDENTIFIER, z.string().overwrite(visible));

const username = identifier;
export const name = plain(LONGEST_NAME);
const email = identifier.regex(/^[^\s@<>]+@[^\s@<>]+$/, 'is no mail address');
export const memberships = z
  .array(membership)
  .max(MOST_MEMBERSHIPS)
  .transform((all) => [...new Set(all)]);

const part = plain(LONGEST_NAME).exactOptional();
/** OpenID Connect Core §5.1.1. */
const postalAddress = z
  .strictObject({
    ...{ formatted: part, streetAddress: part, postalCode: part },
    ...{ locality: part, region: part, country: part },
  })
  .refine((parts) => Object.keys(parts).length > 0, 'must have a part');

/** What may be said of a person; `username` aside, nothing must be. */
export const personFields = {
  username,
  name: name.exactOptional(),
  givenName: name.exactOptional(),
  familyName: name.exactOptional(),
  email: email.exactOptional(),
  emailVerified: z.boolean().exactOptional(),
  locale: plain(35).exactOptional(),
  zoneinfo: plain(64).exactOptional(),
  phoneNumber: z
    .string()
    .overwrite(visible)
    .regex(/^\+[1-9]\d{4,14}$/, 'must be like +14255550134')
    .exactOptional(),
  phoneNumberVerified: z.boolean().exactOptional(),
  address: postalAddress.exactOptional(),
  roles: memberships.exactOptional(),
  groups: memberships.exactOptional(),
};

const person = z.strictObject(personFields);
export type Person = z.infer<typeof person>;

const personChange = person.omit({ username: true, roles: true, groups: true });
export type PersonChange = z.infer<typeof personChange>;

export const readPerson = (given: unknown): Person => read(person, given);
export const readPersonChange = (given: unknown): PersonChange => read(personChange, given);

/** Throws Refusal with every flaw there is. */
function read<Said>(shape: z.ZodType<Said>, given: unknown): Said {
  const { data, error } = shape.safeParse(given);
  if (error) throw new Refusal('person-unfit', { issues: error.issues });
  return data;
}

/** The part of it that is stored as the profile. */
export const profileOf = (person: Person): Profile => profileAfter({}, person);

/**
 * The profile when all that is said of the person is so. An address or number that stays the
 * same stays verified; a new one is not, unless that is said too.
 */
export function profileAfter(before: Profile, said: PersonChange): Profile {
  const { givenName, familyName, locale, zoneinfo, address } = said;
  const { email = before.email, phoneNumber = before.phoneNumber } = said;
  const isKept = isSameAddress(email, before.email) && before.isEmailVerified === true;
  const isNumberKept = phoneNumber === before.phoneNumber && before.isPhoneNumberVerified === true;
  return {
    ...before,
    ...(givenName !== undefined && { givenName }),
    ...(familyName !== undefined && { familyName }),
    ...(email !== undefined && { email, isEmailVerified: said.emailVerified ?? isKept }),
    ...(phoneNumber !== undefined && {
      phoneNumber,
      isPhoneNumberVerified: said.phoneNumberVerified ?? isNumberKept,
    }),
    ...(locale !== undefined && { locale }),
    ...(zoneinfo !== undefined && { zoneinfo }),
    ...(address && { address }),
  };
}

/** Says when, where it is not what it was; apps hear of it as `updated_at`. */
export const datedAfter = (before: Profile, after: Profile, now: Date): Profile =>
  isDeepStrictEqual(before, after) ? before : { ...after, updatedAt: now };

/** But for case; beyond ASCII, letters that look alike may be another domain's. */
const isSameAddress = (one: string | undefined, other: string | undefined): boolean =>
  one === other || asciiFolded(one) === asciiFolded(other);

const asciiFolded = (text = ''): string =>
  text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase());

export const hasPassword = ({ credentials }: Pick<Account, 'credentials'>): boolean =>
  credentials.some(({ kind }) => kind === kinds.password.id);
