/**
 * The roles by which people administer this installation, among the roles of an account.
 *
 * Why so: apps have roles of their own, and an account that has one called "reader" must not
 * become an administrator by it; so ours have a name that no app's has by chance.
 */
export const READER = 'doorstep:reader';
export const HELP_DESK = 'doorstep:help-desk';
export const AUTHENTICATION_ADMINISTRATOR = 'doorstep:authentication-administrator';
export const POLICY_ADMINISTRATOR = 'doorstep:policy-administrator';

/** Who has several may do what any of them may. */
export const administratorRoles = [
  READER,
  HELP_DESK,
  AUTHENTICATION_ADMINISTRATOR,
  POLICY_ADMINISTRATOR,
] as const;

export type AdministratorRole = (typeof administratorRoles)[number];

export const administers = ({ roles }: { readonly roles: readonly string[] }): boolean =>
  administratorRoles.some((role) => roles.includes(role));
