/**
 * What an app learns about a person, by scope (OIDC Core §5.4).
 *
 * Why so: `acr`, `amr` and `auth_time` belong to every ID token, so they hang on `openid`.
 * Personal claims are answered by the userinfo endpoint only (`conformIdTokenClaims`), but for
 * apps that cannot ask it (id-tokens.ts): an ID token travels through browsers and logs,
 * and consent may be withdrawn after it was issued.
 */
import type { Account as OidcAccount, AccountClaims, KoaContextWithOIDC } from 'oidc-provider';

import { type Account, normaliseIdentifier } from '../models/account.ts';
import type { PostalAddress } from '../models/profile.ts';
import { toldBy } from './scopes.ts';
import type { Sessions } from './session.ts';

/** What this folder needs to know of an account. */
export type Person = Pick<
  Account,
  | '_id'
  | 'username'
  | 'name'
  | 'identifiers'
  | 'disabledAt'
  | 'signedOutAt'
  | 'passwordChangeDueAt'
  | 'profile'
  | 'groups'
  | 'roles'
  | 'trustedBrowsers'
>;

export interface People {
  findById(id: string): Promise<Person | undefined>;
}

export const claimsByScope = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: [
    'name',
    'given_name',
    'family_name',
    'preferred_username',
    'locale',
    'zoneinfo',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  groups: ['groups'],
  roles: ['roles'],
};

/** A token as far as its age goes; a rotated one keeps the time of the first (`iiat`). */
type Aged = { readonly iat?: number | undefined; readonly iiat?: number | undefined } | undefined;

/**
 * A disabled account is nobody: its tokens stop working at every endpoint at once. So do the
 * sessions, results and tokens from before somebody was signed out everywhere.
 */
export const createFindAccount =
  (people: People, { proofsOf, accountRead }: Pick<Sessions, 'proofsOf' | 'accountRead'>) =>
  async (ctx: KoaContextWithOIDC, id: string, token?: Aged): Promise<OidcAccount | undefined> => {
    const person = await people.findById(id);
    if (!person || person.disabledAt) return undefined;
    const { signedOutAt } = person;
    const isFromBefore = token
      ? isOlder(token, signedOutAt)
      : proofsOf(ctx).some(({ at }) => signedOutAt !== undefined && at <= signedOutAt);
    if (isFromBefore) return undefined;
    accountRead(ctx, person);
    const { _id: accountId, identifiers } = person;
    const isPasswordDue = person.passwordChangeDueAt !== undefined;
    const claims = (_use: string, scope: string): AccountClaims => {
      const told = toldBy(ctx.oidc.client, scope).map((which) => [which, [...person[which]]]);
      return { ...claimsAbout(person), ...(Object.fromEntries(told) as object) };
    };
    return { accountId, identifiers, isPasswordDue, claims };
  };

/** Tokens know whole seconds only: one of the same second was made after, by whoever may. */
const isOlder = ({ iat = 0, iiat = iat }: NonNullable<Aged>, instant: Date | undefined): boolean =>
  instant !== undefined && iiat < Math.floor(instant.getTime() / 1000);

/** Whether the app hinted at somebody else than this account. */
export function isHintAtAnother({ oidc }: KoaContextWithOIDC): boolean {
  const hint = oidc.params?.login_hint;
  if (typeof hint !== 'string' || !oidc.account) return false;
  const identifiers = oidc.account.identifiers as Person['identifiers']; // put there above
  return !identifiers.includes(normaliseIdentifier(hint));
}

function claimsAbout({ _id, username, name, profile }: Person): AccountClaims {
  const { address, email, phoneNumber, updatedAt } = profile;
  return present({
    sub: _id,
    name,
    preferred_username: username,
    given_name: profile.givenName,
    family_name: profile.familyName,
    locale: profile.locale,
    zoneinfo: profile.zoneinfo,
    updated_at: updatedAt && Math.floor(updatedAt.getTime() / 1000),
    email,
    email_verified: email === undefined ? undefined : profile.isEmailVerified === true,
    phone_number: phoneNumber,
    phone_number_verified:
      phoneNumber === undefined ? undefined : profile.isPhoneNumberVerified === true,
    address: address && addressClaim(address),
  });
}

const addressClaim = ({ streetAddress, postalCode, ...same }: PostalAddress): object =>
  present({ ...same, street_address: streetAddress, postal_code: postalCode });

/** What nobody knows is left out, never null (Core §5.3.2). */
const present = <T extends object>(claims: T): T =>
  Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) as T;
