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
import { createTelling } from '../src/administration/telling.ts';
import { levelsWithin } from '../src/assurance/levels.ts';
import { COMMAND_LINE, createAudit } from '../src/audit/audit.ts';
import { createChannels } from '../src/channels/index.ts';
import { variables } from '../src/config/environment.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { loadCommonPasswords } from '../src/credentials/common-passwords.ts';
import { createPasswordHasher } from '../src/credentials/password-hasher.ts';
import { createPasswordRules } from '../src/credentials/password-rules.ts';
import { connectDatabase, createIndexes, type Database } from '../src/database/connect.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createCrypt } from '../src/lib/crypt.ts';
import { createLog } from '../src/lib/log.ts';
import { createMethodRules } from '../src/method-rules.ts';
import { createAccountDirectory } from '../src/models/account-directory.ts';
import { type Account, createAccounts } from '../src/models/account.ts';
import { createAuditRecords } from '../src/models/audit-record.ts';
import { createFlows } from '../src/models/flow.ts';
import { createLogoutNotices } from '../src/models/logout-notice.ts';
import { createStoredMessages } from '../src/models/message.ts';
import { createOidcRecords } from '../src/models/oidc-record.ts';
import { createPolicies } from '../src/models/policy.ts';
import { createSharedCounters } from '../src/models/shared-counter.ts';
import { createClients } from '../src/oidc/clients.ts';
import { createPayloads } from '../src/oidc/sealed-payloads.ts';
import { createSessionEnd } from '../src/oidc/session-limit.ts';
import { createPolicyInForce } from '../src/policy/policy.ts';
import { fewestCharacters } from '../src/policy/shape.ts';
import { usable } from '../src/verification/choices.ts';

export type Services = Awaited<ReturnType<typeof openServices>>;

export interface NewPerson {
  readonly username: string;
  readonly name: string;
  readonly profile: Account['profile'];
  readonly password: string;
  readonly more: readonly NewCredential[];
}

/** What nobody sets for a first try: a database, secrets and settings of their own. */
const OF_REAL_ONES = [
  'DOORSTEP_CONFIG',
  ...variables
    .filter(({ path: [section, part] }) => section === 'secrets' || isDatabase(section, part))
    .flatMap(({ name }) => [name, `${name}_FILE`]),
];

function isDatabase(section: string | undefined, part: string | undefined): boolean {
  return section === 'database' && part !== 'directory';
}

/**
 * Who names any of that, or an issuer on https, runs a real installation, and must not fall back
 * on what suits a first try: it has another database, with other people in it.
 */
function environmentOf({ NODE_ENV, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // As npm start does: its issuer is wherever it listens.
  const { PORT, ISSUER = PORT && `http://localhost:${PORT}` } = environment;
  const isReal = Object.entries({ ...environment, ISSUER }).some(
    ([name, value]) =>
      value && (OF_REAL_ONES.includes(name) || (name === 'ISSUER' && value.startsWith('https:'))),
  );
  if (NODE_ENV !== undefined || isReal)
    return { ...environment, NODE_ENV: NODE_ENV ?? 'production' };
  return { ...environment, ...(ISSUER && { ISSUER }), NODE_ENV: 'development' };
}

const { log } = createLog({ level: 'silent' });

export const scriptSettings = (environment = process.env): Promise<Settings> =>
  loadSettings({ environment: environmentOf(environment) });

interface Opening {
  readonly isReadOnly?: boolean;
}

export async function openServices(settings: Settings, opening: Opening = {}) {
  const database = await connectDatabase({ ...settings.database, log });
  try {
    return await servicesOn(database, settings, opening);
  } catch (error) {
    // Else the process would not end.
    await database.close();
    throw error;
  }
}

async function servicesOn(database: Database, settings: Settings, { isReadOnly = false }: Opening) {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const records = createOidcRecords(database.connection);
  const accounts = createAccounts(database.connection);
  const hasher = createPasswordHasher(settings.passwords, systemClock);
  const { connection } = database;
  const flows = createFlows(connection);
  const sharedCounters = createSharedCounters(connection);
  const logoutNotices = createLogoutNotices(connection);
  const audited = createAuditRecords(connection);
  const channels = channelsOf(settings);
  const audit = createAudit({
    ...{ accounts, flows, crypt, log, clock: systemClock, records: audited },
    messages: createStoredMessages(connection),
    // Notices are promised here where the service can send them, which it does.
    mail: channels.mail,
    render: () => {
      throw new Error('a script sends no mail');
    },
  });
  if (!isReadOnly) await createIndexes(connection);
  const policies = createPolicies(connection);
  const policy = createPolicyInForce({ policies, begins: settings.policy, clock: systemClock });
  await policy.read();

  const clients = createClients({ records, crypt, clock: systemClock });
  const directory = createAccountDirectory(accounts);
  const telling = createTelling({ audit, administrator: { by: COMMAND_LINE } });
  const deps = {
    ...{ accounts, directory, crypt, clock: systemClock, hasher, telling },
    // Apps are promised to be told; the service does it.
    endSessions: createSessionEnd({
      ...{ records, payloads: createPayloads(crypt), clock: systemClock },
      notices: logoutNotices,
    }),
    checkPassword: createPasswordRules({
      minimum: () => fewestCharacters(policy.current()),
      loadCommon: loadCommonPasswords,
    }),
    fewestCharacters: fewestCharacters(policy.current()),
    organisation: settings.organisation.name,
    phoneCountries: policy.current().phoneCountries,
  };
  const people = createAccountAdministration(deps);
  const rules = lastingRules(createMethodRules({ ...deps, settings, policy, channels }));

  return {
    settings,
    policies,
    policy,
    connection,
    records,
    accounts,
    clients,
    crypt,
    audited,
    telling,
    async close(): Promise<void> {
      try {
        await audit.move();
      } finally {
        await database.close();
      }
    },

    /** What administrators do; the commands only ask for it. */
    administration: {
      accounts: people,
      passwords: createPasswordAdministration({ ...deps, people }),
      methods: createMethodAdministration({ ...deps, people }),
      roles: createMemberships('roles', { people, directory, telling }),
      groups: createMemberships('groups', { people, directory, telling }),
      clients: createClientAdministration({
        ...{ clients, telling, clock: systemClock },
        jwks: settings.secrets.jwks,
        reachable: levelsWithin(usable('sign-in', rules)),
      }),
      importAccounts: createImport(deps),
      exportAccounts: createExport(deps),
    },

    /** What the checker looks at (administration/check). */
    checked: {
      ...{ accounts, flows, sharedCounters, records, audited, crypt, hasher, clock: systemClock },
      jwks: settings.secrets.jwks,
      rules,
      needsTwoSteps: policy.current().twoSteps === 'everyone',
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

const channelsOf = ({ channels, issuer }: Settings) =>
  createChannels(channels, { clock: systemClock, issuer });

/** What is away just now is no fault of what is stored. */
const lastingRules = ({ methods, availability }: ReturnType<typeof createMethodRules>) => ({
  methods,
  availability: { ...availability, isAway: () => false },
});
