/**
 * Everybody, as lines that import takes: for moving house, and for a look from outside.
 * Secrets are left out unless they are asked for. Recovery codes, passes and
 * answers to security questions never leave: they are kept as digests that only this installation's
 * keys can compare. Nor does what browsers are trusted:
 * their cookies open with those keys alone, so elsewhere everybody gives the second step once.
 */
import { isSameWay } from '../assurance/way.ts';
import { kinds } from '../credentials/index.ts';
import { vaultOf } from '../credentials/vault.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { Account, Credential } from '../models/account.ts';
import { keyToGive } from './given-keys.ts';
import { suspensionsOf } from './moved-suspensions.ts';
import { phonesToGive } from './given-methods.ts';
import { methodOf, wayBy } from './held-methods.ts';

export interface ExportDeps {
  readonly directory: AccountDirectory;
  readonly crypt: Crypt;
}

export interface ExportWishes {
  readonly secrets: boolean;
  /** A secret that could not be read or opened; its owner is exported without it. */
  readonly onUnreadable: (username: string, method: string) => void;
}

export function createExport({ directory, crypt }: ExportDeps) {
  return async function* exportAccounts(wishes: ExportWishes): AsyncGenerator<object> {
    for await (const account of directory.each()) {
      const unread: string[] = [];
      const moved: Credential[] = [];
      const onUnreadable = (method: string): void => {
        unread.push(method);
        wishes.onUnreadable(account.username, method);
      };
      const of = <Read>(kind: string, read: (credential: Credential) => Read): Read[] =>
        account.credentials
          .filter((credential) => credential.kind === kind)
          .flatMap((credential) => {
            const its = readable(credential, read, onUnreadable);
            if (its.length > 0) moved.push(credential);
            return its;
          });

      const held = of('phone', ({ data }) => kinds.phone.stored.parse(data));
      const phones = await phonesToGive(held);
      const emails = of('email', ({ data }) => kinds.email.stored.parse(data));
      yield {
        ...personOf(account),
        ...(phones.length > 0 && { phones }),
        ...(emails.length > 0 && { emails }),
        ...keysOf(account, of),
        ...(wishes.secrets && secretsOf(account, of)),
        ...(unread.length === 0 && defaultOf(account, wishes)),
        ...suspensionsOf(moved),
      };
    }
  };

  function secretsOf(
    { _id }: Account,
    of: <Read>(kind: string, read: (credential: Credential) => Read) => Read[],
  ): object {
    const [password] = of('password', ({ data }) => kinds.password.stored.parse(data));
    const totp = of('app', ({ id, data }) => {
      const { seed, lastStep } = kinds.app.stored.parse(data);
      const secret = vaultOf(crypt, _id, id).open(seed);
      return { secret, ...(lastStep > 0 && { lastStep }) };
    });
    return {
      ...(password && { passwordHash: password.hash, passwordSetAt: password.setAt }),
      ...(totp.length > 0 && { totp }),
    };
  }
}

/** Nothing of a key is secret. */
function keysOf(
  { userHandle }: Account,
  of: <Read>(kind: string, read: (credential: Credential) => Read) => Read[],
): object {
  const keys = of('security-key', ({ data }) => kinds['security-key'].stored.parse(data));
  return {
    ...(userHandle !== undefined && { userHandle }),
    ...(keys.length > 0 && { securityKeys: keys.map(keyToGive) }),
  };
}

function readable<Read>(
  credential: Credential,
  read: (credential: Credential) => Read,
  onUnreadable: (method: string) => void,
): Read[] {
  try {
    return [read(credential)];
  } catch {
    // Sealed with a key that is gone, or damaged: others must still get out.
    onUnreadable(methodOf(credential));
    return [];
  }
}

/** By its method, as ids stay here; and only where whoever imports the line comes to the same. */
function defaultOf(
  { credentials, preferred }: Account,
  { secrets }: Pick<ExportWishes, 'secrets'>,
): object {
  const moving = ['phone', 'security-key', ...(secrets ? ['app'] : [])];
  const moved = credentials.filter(({ kind }) => moving.includes(kind)).map(withoutDevice);
  const after = preferred && wayBy(preferred.method, moved);
  return after && isSameWay(after, preferred) ? { defaultMethod: preferred.method } : {};
}

/** Of an app its seed leaves, and what approves stays paired here. */
function withoutDevice({ id, kind, data }: Credential): Pick<Credential, 'id' | 'kind' | 'data'> {
  const app = kind === 'app' ? kinds.app.stored.safeParse(data).data : undefined;
  if (!app) return { id, kind, data };
  const { device: _, ...bare } = app;
  return { id, kind, data: bare };
}

function personOf({ _id, username, name, profile, ...account }: Account): object {
  const { givenName, familyName, email, locale, zoneinfo, phoneNumber } = profile;
  return {
    ...{ id: _id, username, name, givenName, familyName, email },
    emailVerified: email === undefined ? undefined : profile.isEmailVerified === true,
    phoneNumber,
    phoneNumberVerified:
      phoneNumber === undefined ? undefined : profile.isPhoneNumberVerified === true,
    ...{ locale, zoneinfo, address: profile.address, roles: account.roles, groups: account.groups },
    ...(account.disabledAt && { disabled: true }),
    createdAt: account.createdAt,
    passwordChangeDueAt: account.passwordChangeDueAt,
  };
}
