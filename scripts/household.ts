/**
 * What a script needs to work beside the running service: the same settings, the same
 * database (of an embedded one, through its owner), the same secrets.
 */
import { createAccountAdministration } from '../src/administration/accounts.ts';
import { createClientAdministration } from '../src/administration/clients.ts';
import { createExport } from '../src/administration/export.ts';
import { createImport } from '../src/administration/import.ts';
import { createMemberships } from '../src/administration/memberships.ts';
import { createMethodAdministration } from '../src/administration/methods.ts';
import { newAccount, type NewCredential } from '../src/administration/new-account.ts';
import { createPasswordAdministration } from '../src/administration/passwords.ts';
import { createAudit } from '../src/audit/audit.ts';
import { createChannels } from '../src/channels/index.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { loadCommonPasswords } from '../src/credentials/common-passwords.ts';
import { createPasswordHasher } from '../src/credentials/password-hasher.ts';
import { createPasswordRules } from '../src/credentials/password-rules.ts';
import { connectDatabase, createIndexes } from '../src/database/connect.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createCrypt } from '../src/lib/crypt.ts';
import { createLog } from '../src/lib/log.ts';
import { type Account, createAccounts } from '../src/models/account.ts';
import { createAccountDirectory } from '../src/models/account-directory.ts';
import { createAuditRecords } from '../src/models/audit-record.ts';
import { createFlows } from '../src/models/flow.ts';
import { createStoredMessages } from '../src/models/message.ts';
import { createOidcRecords } from '../src/models/oidc-record.ts';
import { createPolicies } from '../src/models/policy.ts';
import { createClients } from '../src/oidc/clients.ts';
import { createPolicyInForce } from '../src/policy/policy.ts';
import { fewestCharacters } from '../src/policy/shape.ts';

export type Household = Awaited<ReturnType<typeof openHousehold>>;

export interface NewPerson {
  readonly username: string;
  readonly name: string;
  readonly profile: Account['profile'];
  readonly password: string;
  readonly more: readonly NewCredential[];
}

/**
 * Who names a database of their own runs a real installation, and must not fall back on
 * what suits a first try.
 */
function environmentOf({ NODE_ENV, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isReal =
    environment.MONGODB_URI ?? environment.MONGODB_URI_FILE ?? environment.EMBEDDED_DATABASE;
  if (NODE_ENV !== undefined || isReal)
    return { ...environment, NODE_ENV: NODE_ENV ?? 'production' };
  // As npm start does: its issuer is wherever it listens.
  const { PORT, ISSUER = PORT && `http://localhost:${PORT}` } = environment;
  return { ...environment, ...(ISSUER && { ISSUER }), NODE_ENV: 'development' };
}

export const scriptSettings = (): Promise<Settings> =>
  loadSettings({ environment: environmentOf(process.env) });

export async function openHousehold(settings: Settings) {
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const records = createOidcRecords(database.connection);
  const accounts = createAccounts(database.connection);
  const hasher = createPasswordHasher(settings.passwords, systemClock);
  const audited = createAuditRecords(database.connection);
  const audit = createAudit({
    ...{ accounts, crypt, log, clock: systemClock, records: audited },
    flows: createFlows(database.connection),
    messages: createStoredMessages(database.connection),
    // Notices are promised here where the service can send them, which it does.
    mail: createChannels(settings.channels, systemClock).mail,
    render: () => {
      throw new Error('a script sends no mail');
    },
  });
  await createIndexes(database.connection);
  const policies = createPolicies(database.connection);
  const policy = createPolicyInForce({ policies, begins: settings.policy, clock: systemClock });
  await policy.read();

  const clients = createClients({ records, crypt, clock: systemClock });
  const directory = createAccountDirectory(accounts);
  const deps = {
    ...{ accounts, directory, crypt, clock: systemClock, hasher },
    checkPassword: createPasswordRules({
      minimum: fewestCharacters(policy.current()),
      loadCommon: loadCommonPasswords,
    }),
    fewestCharacters: fewestCharacters(policy.current()),
    organisation: settings.organisation.name,
    phoneCountries: policy.current().phoneCountries,
  };
  const people = createAccountAdministration(deps);

  return {
    settings,
    policies,
    policy,
    connection: database.connection,
    records,
    accounts,
    clients,
    crypt,
    audit,
    audited,
    async close(): Promise<void> {
      await audit.move();
      await database.close();
    },

    /** What administrators do; the commands only ask for it. */
    administration: {
      accounts: people,
      passwords: createPasswordAdministration({ ...deps, people }),
      methods: createMethodAdministration({ ...deps, people }),
      roles: createMemberships('roles', { people, directory }),
      groups: createMemberships('groups', { people, directory }),
      clients: createClientAdministration(clients),
      importAccounts: createImport(deps),
      exportAccounts: createExport(deps),
    },

    /** Throws what isDuplicate recognises when the name is taken. */
    async addPerson({ password, more, ...person }: NewPerson): Promise<Account> {
      const setAt = systemClock.now();
      const hash = await hasher.hash(password);
      const secret: NewCredential = { kind: 'password', data: () => ({ hash, setAt }) };
      const built = { ...person, credentials: [secret, ...more] };
      return accounts.create(newAccount(built, { crypt, clock: systemClock }));
    },
  };
}
