/**
 * The methods of somebody's account: added with a secret that is given, or removed. Whoever
 * loses one is signed out, because what was proved by it counts no more (S-145).
 */
import { type KindId, kinds } from '../credentials/index.ts';
import { makeRecoveryCodes } from '../credentials/recovery-codes.ts';
import type { Account, Credential } from '../models/account.ts';
import { vaultOf } from '../verification/vault.ts';
import type { AccountDeps, People } from './deps.ts';
import { appFrom, phoneFrom, totp } from './given-methods.ts';
import { type NewCredential, newCredential } from './new-account.ts';
import { reasonsOf } from './person.ts';
import { Refusal, untilWritten } from './refusal.ts';

export interface HeldMethod {
  readonly id: string;
  readonly kind: string;
  /** Masked; absent where there is nothing to tell apart. */
  readonly hint?: string;
  readonly addedAt: Date;
  readonly lastUsedAt?: Date;
}

export type MethodAdministration = ReturnType<typeof createMethodAdministration>;

export function createMethodAdministration(deps: AccountDeps & { readonly people: People }) {
  const { accounts, directory, clock, people } = deps;

  return {
    list: async (typed: string): Promise<HeldMethod[]> =>
      (await people.find(typed)).credentials.map(heldMethod),

    /** An authenticator app whose seed is known, in base 32. */
    async addApp(typed: string, secret: string): Promise<HeldMethod> {
      const given = totp.safeParse({ secret });
      if (!given.success) throw new Refusal('invalid', `The ${reasonsOf(given.error)}.`);
      return add(typed, { kind: 'app', data: (vault) => appFrom(given.data, vault) });
    },

    async addPhone(typed: string, number: string): Promise<HeldMethod> {
      const data = await phoneFrom(number, deps.phoneCountries);
      return add(typed, { kind: 'phone', data: () => data }, ({ credentials }) => {
        const isThere = credentials.some(
          ({ kind, data: held }) =>
            kind === 'phone' && kinds.phone.stored.safeParse(held).data?.number === data.number,
        );
        if (isThere) throw new Refusal('taken', 'The account has this phone already.');
      });
    },

    /** A new set, shown this once; the old one is void (S-117). */
    async makeRecoveryCodes(typed: string): Promise<readonly string[]> {
      let codes: readonly string[] = [];
      const credential: NewCredential = {
        kind: 'recovery-codes',
        data(vault) {
          const made = makeRecoveryCodes(vault);
          ({ codes } = made);
          return made.stored;
        },
      };
      await untilWritten(
        () => people.find(typed),
        async (read) => {
          const current = read.credentials.find(({ kind }) => kind === 'recovery-codes');
          if (!current) return accounts.addCredentials(read, [made(read, credential)]);
          const data = credential.data(vaultOf(deps.crypt, read._id, current.id));
          return directory.replaceCredential(read, current, { data, signedOutAt: clock.now() });
        },
      );
      return codes;
    },

    /** By the id that `list` gives. */
    async remove(typed: string, id: string): Promise<HeldMethod> {
      const read = await untilWritten(
        async () => {
          const account = await people.find(typed);
          if (account.credentials.some((held) => held.id === id)) return account;
          throw new Refusal('not-found', `"${account.username}" has no method "${id}".`);
        },
        (account) => directory.removeCredential(account, id, clock.now()),
      );
      const [removed] = read.credentials.filter((held) => held.id === id).map(heldMethod);
      if (!removed) throw new Error('what was just removed was not there');
      return removed;
    },
  };

  async function add(
    typed: string,
    credential: NewCredential,
    check: (account: Account) => void = () => undefined,
  ): Promise<HeldMethod> {
    let added: Credential | undefined;
    await untilWritten(
      () => people.find(typed),
      (read) => {
        check(read);
        const held = read.credentials.filter(({ kind }) => kind === credential.kind);
        if (held.length >= kinds[credential.kind as KindId].most) {
          throw new Refusal('full', `"${read.username}" has as many of these as anybody may.`);
        }
        added = made(read, credential);
        return accounts.addCredentials(read, [added]);
      },
    );
    if (!added) throw new Error('nothing was added');
    return heldMethod(added);
  }

  function made({ _id }: Account, credential: NewCredential): Credential {
    return newCredential(_id, credential, deps);
  }
}

/** For lists: never the secret, and a number only as its owner would recognise it. */
export function heldMethod({ id, kind, data, addedAt, lastUsedAt }: Credential): HeldMethod {
  const hint = kind === 'phone' ? phoneHint(data) : undefined;
  return {
    ...{ id, kind, addedAt },
    ...(hint !== undefined && { hint }),
    ...(lastUsedAt && { lastUsedAt }),
  };
}

function phoneHint(data: unknown): string | undefined {
  const phone = kinds.phone.stored.safeParse(data);
  return phone.success ? kinds.phone.hint(phone.data) : 'cannot be read';
}
