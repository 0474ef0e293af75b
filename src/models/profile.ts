/**
 * What is told of a person: the part of an account that apps may ask for.
 */

/** What OpenID Connect's standard claims are made from (Core §5.1). */
export interface Profile {
  readonly givenName?: string;
  readonly familyName?: string;
  readonly email?: string;
  readonly isEmailVerified?: boolean;
  readonly phoneNumber?: string;
  readonly isPhoneNumberVerified?: boolean;
  readonly address?: PostalAddress;
  readonly locale?: string;
  readonly zoneinfo?: string;
  readonly updatedAt?: Date;
}

/** Core §5.1.1; every part may be left out. */
export interface PostalAddress {
  readonly formatted?: string;
  readonly streetAddress?: string;
  readonly locality?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}
