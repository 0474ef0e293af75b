/**
 * A new password, chosen by whoever the account belongs to, in place of one that others may
 * know or nobody knows any more, or where there is none. What is wrong with it is a value; once it is stored, nothing that was signed in or
 * proved before counts any more.
 */
import type { Audit } from '../audit/audit.ts';
import { password as kind, PREVIOUS_PASSWORDS } from '../credentials/password.ts';
import type { PasswordHasher } from '../credentials/password-hasher.ts';
import {
  type CheckNewPassword,
  type PasswordFlaw,
  wordsAbout,
} from '../credentials/password-rules.ts';
import type { Clock } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';

export interface NewPasswordsDeps {
  readonly accounts: Pick<Accounts, 'replacePassword' | 'addPassword'>;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'match'>;
  readonly checkPassword: CheckNewPassword;
  readonly organisation: string;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly clock: Clock;
}

/** As it was typed; twice by whoever could not be shown it. */
export interface TypedPassword {
  readonly password: string;
  readonly repeated?: string;
}

type Flaw = PasswordFlaw | 'passwords-differ' | 'password-unchanged' | 'password-used-before';

export type Chosen =
  | { readonly outcome: 'refused'; readonly flaw: Flaw }
  /** What was proved until then counts no more. */
  | { readonly outcome: 'changed'; readonly changedAt: Date };

export type NewPasswords = ReturnType<typeof createNewPasswords>;

export function createNewPasswords(deps: NewPasswordsDeps) {
  const { accounts, hasher, audit, clock } = deps;

  return {
    /** Undefined where the account changed since it was read. Throws Problem `busy`. */
    async choose(account: Account, typed: TypedPassword, from: From): Promise<Chosen | undefined> {
      const current = account.credentials.find((credential) => credential.kind === kind.id);
      const flaw = await flawIn(typed, account, current?.data);
      if (flaw) return { outcome: 'refused', flaw };

      const hash = await hasher.hash(typed.password);
      // As late as can be: whatever is proved until then is proved with the old one.
      const changedAt = clock.now();
      const about = { by: account._id, account: account._id, from };
      const events = [audit.event('password.changed', about, {})];
      const previous = previousAfter(current?.data);
      const data = { hash, setAt: changedAt, ...(previous && { previous }) };
      const chosen = { data, signedOutAt: changedAt, events };
      const isDone = current
        ? await accounts.replacePassword(account, current, chosen)
        : await accounts.addPassword(account, added(changedAt), chosen);
      if (!isDone) return undefined;
      audit.happened('accounts', account._id, events);
      return { outcome: 'changed', changedAt };
    },
  };

  /** The dearest question last: it takes a hash. */
  async function flawIn(
    { password, repeated = password }: TypedPassword,
    account: Account,
    current: unknown,
  ): Promise<Flaw | undefined> {
    if (password !== repeated) return 'passwords-differ';
    const flaw = await deps.checkPassword(password, wordsAbout(account, deps.organisation));
    if (flaw) return flaw;
    const stored = kind.stored.safeParse(current).data;
    if (!stored) return undefined;
    if (await isOf(password, stored.hash)) return 'password-unchanged';
    for (const hash of stored.previous ?? []) {
      if (await isOf(password, hash)) return 'password-used-before';
    }
    return undefined;
  }

  async function isOf(typed: string, hash: string): Promise<boolean> {
    return (await hasher.match(hash, typed)) !== undefined;
  }
}

/** To an account that has none, but for what is kept of the password itself. */
const added = (addedAt: Date) => ({ ...{ id: randomId(), kind: kind.id, version: 0 }, addedAt });

/** Undefined where nobody can read what is there. */
function previousAfter(current: unknown): readonly string[] | undefined {
  const stored = kind.stored.safeParse(current).data;
  return stored && [stored.hash, ...(stored.previous ?? [])].slice(0, PREVIOUS_PASSWORDS);
}
