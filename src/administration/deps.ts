/**
 * What administration works with. The command line fills it in (scripts/services.ts); a
 * console or an API inside the service would do so in app.ts.
 */
import type { PasswordHasher } from '../credentials/password-hasher.ts';
import type { CheckNewPassword } from '../credentials/password-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Telling } from './telling.ts';

export interface AccountDeps {
  readonly accounts: Accounts;
  readonly directory: AccountDirectory;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'canVerify'>;
  readonly checkPassword: CheckNewPassword;
  readonly fewestCharacters: number;
  readonly organisation: string;
  /** Where phones may be (ISO 3166); everywhere when empty. */
  readonly phoneCountries: readonly string[];
  readonly telling: Telling;
  /** Ends what an account is signed in to, and has its apps told. */
  readonly endSessions: (accountId: string) => Promise<void>;
}

/** Accounts as somebody names them. */
export interface People {
  /** By user name or mail address; throws Refusal where there is none. */
  find(typed: string): Promise<Account>;
}
