/**
 * Keys that people of the stories have, and what a page asks the browser for.
 */
import { randomBytes } from 'node:crypto';

import { createAccounts } from '../../src/models/account.ts';
import {
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type Options,
} from './authenticator.ts';
import type { House } from './house.ts';
import { credential, type PersonName } from './people.ts';
import type { Visitor } from './visitor.ts';

/** The newest of each house, for stories that only come by. */
const newest = new Map<string, Authenticator>();
export const keyIn = ({ issuer }: Pick<House, 'issuer'>): Authenticator =>
  newest.get(issuer) ?? createAuthenticator(issuer);

/** What a house must be for them. */
export const keysOn = { policy: { methods: { 'security-key': { signIn: true } } } };

/** A key that this person has from now on, as if they had set it up. */
export async function keyOf(
  { issuer, connection }: Pick<House, 'issuer' | 'connection'>,
  name: PersonName,
  { id = 'key', ...options }: AuthenticatorOptions & { readonly id?: string } = {},
): Promise<Authenticator> {
  const accounts = createAccounts(connection);
  const account = await accounts.findById(`id-${name}`);
  if (!account) throw new Error(`there is no ${name}`);
  const userHandle = account.userHandle ?? randomBytes(32).toString('base64url');
  const key = createAuthenticator(issuer, options);
  newest.set(issuer, key);
  key.create({ challenge: '', rp: { id: 'localhost' }, user: { id: userHandle } });
  const isFirst = account.userHandle === undefined;
  const added = [credential(id, 'security-key', recordOf(key, options))];
  const isAdded = await accounts.addCredentials(account, added, isFirst ? { userHandle } : {});
  if (!isAdded) throw new Error(`${name} got no key`);
  return key;
}

/** The newest that it made, as an account has it. */
export function recordOf({ made }: Authenticator, options: AuthenticatorOptions = {}) {
  const last = made.at(-1);
  return {
    credentialId: last?.id,
    publicKey: last?.publicKey.toString('base64url'),
    ...{ signCount: last?.count, transports: ['usb'], name: 'Blue key' },
    ...{ aaguid: options.aaguid ?? '00000000-0000-0000-0000-000000000000' },
    ...{ isBackupEligible: options.isBackupEligible ?? false, isBackedUp: false },
    isUserVerified: options.verifiesUser ?? true,
  };
}

/** What the page asks the browser for. */
export const optionsOn = (visitor: Visitor): Options =>
  JSON.parse(visitor.formFor('form.key').getAttribute('data-options') ?? '') as Options;

/** Answers the page, whether it asks for a key or for a new one. */
export async function answersAny(visitor: Visitor, house: Pick<House, 'issuer'>): Promise<void> {
  const form = visitor.html().querySelector('form.key');
  if (!form) return visitor.reloads();
  const key = keyIn(house);
  const isNew = form.getAttribute('data-ceremony') === 'create';
  const options = optionsOn(visitor);
  await answersBy(visitor, isNew ? key.create(options) : key.get(options));
}

/** As the page's script sends it. */
export const answersBy = (
  visitor: Visitor,
  response: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> => visitor.submit(visitor.formFor('form.key'), { response, ...more });
