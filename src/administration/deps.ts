/**
 * What administration works with: as much as it needs of what src/services.ts makes, and what of
 * that each act is given.
 */
import type { Audit } from '../audit/audit.ts';
import type { Channels } from '../channels/index.ts';
import type { PasswordHasher } from '../credentials/password-hasher.ts';
import type { CheckNewPassword } from '../credentials/password-rules.ts';
import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Jwks } from '../lib/jwks.ts';
import type { AccountDirectory } from '../models/account-directory.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { AuditRecords } from '../models/audit-record.ts';
import type { Flows } from '../models/flow.ts';
import type { createOidcRecords } from '../models/oidc-record.ts';
import type { RemovedKeys } from '../models/removed-key.ts';
import type { Policies } from '../models/policy.ts';
import type { SharedCounters } from '../models/shared-counter.ts';
import type { Clients } from '../oidc/clients.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import type { MethodRules } from '../verification/choices.ts';
import type { Limits } from '../verification/rate-limits/limits.ts';
import type { Telling } from './telling.ts';

export interface AdministrationServices {
  readonly settings: {
    readonly organisation: {
      readonly name: string;
      readonly helpContact?: string | Readonly<Record<string, string>> | undefined;
    };
    readonly secrets: { readonly jwks: Jwks };
  };
  readonly clock: Clock;
  readonly crypt: Crypt;
  readonly hasher: Pick<PasswordHasher, 'hash' | 'canVerify'>;
  readonly audit: Pick<Audit, 'event' | 'happened' | 'record' | 'move'>;
  readonly accounts: Accounts;
  readonly flows: Flows;
  readonly sharedCounters: SharedCounters;
  readonly records: ReturnType<typeof createOidcRecords>;
  readonly audited: AuditRecords;
  readonly policies: Policies;
  readonly removedKeys: RemovedKeys;
  readonly clients: Clients;
  readonly policy: PolicyInForce;
  readonly methodRules: MethodRules & { readonly limits: Limits };
  readonly channels: Channels;
  readonly checkPassword: CheckNewPassword;
  /** Ends what an account is signed in to, and has its apps told. */
  readonly endSessions: (accountId: string) => Promise<void>;
  /** Declared indexes that are not there. */
  readonly missingIndexes: () => Promise<readonly string[]>;
}

export interface AccountDeps extends Pick<
  AdministrationServices,
  'accounts' | 'removedKeys' | 'crypt' | 'clock' | 'hasher' | 'checkPassword' | 'endSessions'
> {
  readonly people: People;
  readonly directory: AccountDirectory;
  readonly telling: Telling;
  readonly organisation: string;
  readonly fewestCharacters: () => number;
  /** Where phones may be (ISO 3166); everywhere when empty. */
  readonly phoneCountries: () => readonly string[];
}

/** Accounts as somebody names them. */
export interface People {
  /** By user name or mail address; throws Refusal where there is none. */
  find(typed: string): Promise<Account>;
  /** The same for whoever is to change it; throws Refusal where it is out of their reach. */
  findToChange(typed: string): Promise<Account>;
}

/** Which account it was; all that an act says of it. */
export type Named = Pick<Account, '_id' | 'username'>;

/** Besides, whether it was otherwise before; if not, nothing was stored and nobody is told. */
export interface Changed extends Named {
  readonly isChanged: boolean;
}
