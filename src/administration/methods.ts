/**
 * The methods of somebody's account: added with a secret that is given, or removed. Whoever
 * loses one is signed out, because what was proved by it counts no more.
 */
import type { StoredEmail } from '../credentials/email.ts';
import { type KindId, kinds } from '../credentials/index.ts';
import type { Vault } from '../credentials/kind.ts';
import type { PhoneType } from '../credentials/phone.ts';
import { makeRecoveryCodes } from '../credentials/recovery-codes.ts';
import { vaultOf } from '../credentials/vault.ts';
import type { Account, Credential } from '../models/account.ts';
import { isSeedHeld, seedsAfter } from './spent-seeds.ts';
import { createLift } from './lift.ts';
import { createSetDefault, type DefaultDeps } from './default-method.ts';
import type { AccountDeps } from './deps.ts';
import {
  appFrom,
  emailFrom,
  type NumberedPhone,
  phoneFrom,
  placed,
  totp,
} from './given-methods.ts';
import { readKey } from './given-keys.ts';
import { heldData } from '../verification/choices.ts';
import { defaultWithout } from '../verification/first-choice.ts';
import { type HeldMethod, heldIn, heldMethod, heldMethods, methodOf } from './held-methods.ts';
import { type NewCredential, newCredential } from './new-account.ts';
import { noteRemoved } from './removed-keys.ts';
import { Refusal, untilWritten } from './refusal.ts';

interface Reasoned {
  readonly reason?: string | undefined;
}

interface NewApp extends Reasoned {
  readonly secret: string;
}

interface NewEmail extends Reasoned {
  readonly address: string;
}

interface NewKey extends Reasoned {
  /** As import takes one, with `userHandle` beside it. */
  readonly key: unknown;
}

interface Added extends Reasoned {
  readonly credential: NewCredential;
  readonly userHandle?: string | undefined;
}

interface NewPhone extends Reasoned {
  readonly number: string;
  readonly phoneType?: PhoneType | undefined;
}

/** What was removed, and what sign-in begins with now if that was its default. */
export interface Removed extends HeldMethod {
  readonly begins?: HeldMethod;
}

interface Removal extends Reasoned {
  readonly id: string;
}

export function createMethodAdministration(deps: DefaultDeps) {
  const { accounts, directory, clock, people, telling, endSessions } = deps;

  return {
    list: createList(deps),

    setDefault: createSetDefault(deps),

    /** An authenticator app whose seed is known, in base 32. */
    async addApp(typed: string, { secret, reason }: NewApp): Promise<HeldMethod> {
      const given = totp.safeParse({ secret });
      if (!given.success) throw new Refusal('app-unfit', { issues: given.error.issues });
      const credential = { kind: 'app', data: (vault: Vault) => appFrom(given.data, vault) };
      return add(typed, { credential, reason }, hasNotSeed(given.data.secret, deps.crypt));
    },

    /** What it is to its owner is worked out where that is not said. */
    async addPhone(typed: string, { number, phoneType, reason }: NewPhone): Promise<HeldMethod> {
      const phone = await phoneFrom(number, { phoneCountries: deps.phoneCountries(), held: [] });
      const place = placeOf(phone, phoneType);
      const credential = { kind: 'phone', data: () => ({ ...phone, phoneType: place.taken() }) };
      return add(typed, { credential, reason }, place.take);
    },

    /** An address for resets. */
    async addEmail(typed: string, { address, reason }: NewEmail): Promise<HeldMethod> {
      const email = emailFrom(address);
      return add(typed, { ...asEmail(email), reason }, hasNotMailbox(email));
    },

    /** A key whose public part is known; with the handle by which it names its account. */
    async addKey(typed: string, { key: record, reason }: NewKey): Promise<HeldMethod> {
      const { key, userHandle } = await readKey(record);
      if (await accounts.holdsKey(key.credentialId)) throw new Refusal('key-held');
      const known = await accounts.findByUserHandle(userHandle);
      const credential = { kind: kinds['security-key'].id, data: () => key };
      return add(typed, { credential, userHandle, reason }, (account) => {
        const isOther = account.userHandle !== undefined && userHandle !== account.userHandle;
        const isTheirs = known === undefined || known._id === account._id;
        if (userHandle !== undefined && (isOther || !isTheirs)) {
          throw new Refusal('key-of-another-handle');
        }
      });
    },

    /** A new set, shown this once; the old one is void. */
    async makeRecoveryCodes(typed: string, reason?: string): Promise<readonly string[]> {
      let codes: readonly string[] = [];
      const credential: NewCredential = {
        kind: 'recovery-codes',
        data(vault) {
          const made = makeRecoveryCodes(vault);
          ({ codes } = made);
          return made.stored;
        },
      };
      const { _id: account } = await untilWritten(
        () => people.findToChange(typed),
        (read) => {
          const current = read.credentials.find(({ kind }) => kind === 'recovery-codes');
          const added = newCredential(read, credential, deps);
          const details = { credential: (current ?? added).id, isFirst: false };
          const about = { account: read._id, reason };
          const told = telling.event('recovery-codes.made', details, about);
          return telling.with(read._id, [told], (events) => {
            if (!current) return accounts.addCredentials(read, [added], { events });
            const data = credential.data(vaultOf(deps.crypt, read._id, current.id));
            const signedOutAt = clock.now();
            return directory.replaceCredential(read, current, { data, signedOutAt, events });
          });
        },
      );
      await endSessions(account);
      return codes;
    },

    lift: createLift(deps),

    /** By the id that `list` gives. */
    remove: createRemoval(deps),
  };

  async function add(
    typed: string,
    { credential, userHandle, reason }: Added,
    check: (account: Account) => void = () => undefined,
  ): Promise<HeldMethod> {
    let added: Credential | undefined;
    await untilWritten(
      () => people.findToChange(typed),
      (read) => {
        check(read);
        refuseTooMany(read, credential.kind as KindId);
        const fresh = newCredential(read, credential, deps);
        added = fresh;
        const details = { method: methodOf(fresh), credential: fresh.id };
        const told = telling.event('method.added', details, { account: read._id, reason });
        return telling.with(read._id, [told], (events) =>
          accounts.addCredentials(read, [fresh], { events, userHandle }),
        );
      },
    );
    if (!added) throw new Error('nothing was added');
    return heldMethod(added);
  }
}

const createList =
  ({ people, clock }: Pick<AccountDeps, 'people' | 'clock'>) =>
  async (typed: string): Promise<HeldMethod[]> =>
    heldMethods(await people.find(typed), clock.now());

const createRemoval =
  (deps: DefaultDeps) =>
  async (typed: string, { id, reason }: Removal): Promise<Removed> => {
    const { people, directory, telling, endSessions, rules } = deps;
    const read = await untilWritten(
      () => people.findToChange(typed),
      async (account) => {
        const held = heldIn(account, id);
        const details = { method: methodOf(held), credential: id };
        const about = { account: account._id, reason, gone: held };
        const told = telling.event('method.removed', details, about);
        await noteRemoved(account, [held], deps);
        return telling.with(account._id, [told], (events) =>
          directory.removeCredential(account, id, {
            ...{ ...leftBy(account, id, deps), events },
            preferred: defaultWithout(account, id, rules),
          }),
        );
      },
    );
    await endSessions(read._id);
    const begins = defaultWithout(read, id, rules);
    const after = read.credentials.find((one) => one.id === begins?.credential);
    return {
      ...heldMethod(heldIn(read, id), read.preferred),
      ...(after && { begins: heldMethod(after, begins) }),
    };
  };

/** What is kept of a method that is removed, in the same write. */
const leftBy = (account: Account, id: string, deps: AccountDeps) => ({
  signedOutAt: deps.clock.now(),
  spentSeeds: seedsAfter(account, heldIn(account, id), deps),
});

function refuseTooMany({ username, credentials }: Account, wanted: KindId): void {
  if (credentials.filter(({ kind }) => kind === wanted).length < kinds[wanted].most) return;
  throw new Refusal('methods-full', { username });
}

/** Which of the account's phones one more would be; as often as it is read, it is worked out anew. */
function placeOf(phone: NumberedPhone, wanted: PhoneType | undefined) {
  let taken = phone.phoneType;
  return {
    taken: () => taken,
    take: ({ credentials }: Account): void => {
      const held = credentials.filter(({ kind }) => kind === 'phone').map(({ data }) => data);
      const isThere = held.some(
        (data) => kinds.phone.stored.safeParse(data).data?.number === phone.number,
      );
      if (isThere) throw new Refusal('phone-held');
      taken = placed(phone, wanted, held);
    },
  };
}

const hasNotSeed =
  (secret: string, crypt: AccountDeps['crypt']) =>
  (account: Account): void => {
    if (isSeedHeld(account, secret, crypt)) throw new Refusal('app-held');
  };

const asEmail = (email: StoredEmail) => ({ credential: { kind: 'email', data: () => email } });

const hasNotMailbox =
  (email: StoredEmail) =>
  (account: Account): void => {
    if (kinds.email.adding.clashes(email, heldData(account, 'email'))) {
      throw new Refusal('email-held');
    }
  };
