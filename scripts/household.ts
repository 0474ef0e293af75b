/**
 * What a script needs to work beside the running service: the same settings, the same
 * database (of an embedded one, through its owner), the same secrets.
 */
import { createAudit } from '../src/audit/audit.ts';
import { createChannels } from '../src/channels/index.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { loadCommonPasswords } from '../src/credentials/common-passwords.ts';
import { createPasswordHasher } from '../src/credentials/password-hasher.ts';
import { createPasswordRules } from '../src/credentials/password-rules.ts';
import { connectDatabase, createIndexes } from '../src/database/connect.ts';
import { systemClock } from '../src/lib/clock.ts';
import { randomId } from '../src/lib/codes.ts';
import { createCrypt } from '../src/lib/crypt.ts';
import { createLog } from '../src/lib/log.ts';
import { type Account, createAccounts, type Credential } from '../src/models/account.ts';
import { createAuditRecords } from '../src/models/audit-record.ts';
import { createFlows } from '../src/models/flow.ts';
import { createStoredMessages } from '../src/models/message.ts';
import { createOidcRecords } from '../src/models/oidc-record.ts';
import { createPolicies } from '../src/models/policy.ts';
import { createClients } from '../src/oidc/clients.ts';
import { createPolicyInForce } from '../src/policy/policy.ts';
import { fewestCharacters } from '../src/policy/shape.ts';
import type { Vault } from '../src/credentials/kind.ts';
import { vaultOf } from '../src/verification/vault.ts';

export type Household = Awaited<ReturnType<typeof openHousehold>>;

/** A credential before it has an id; its secrets are sealed with the vault it is given. */
export interface NewCredential {
  readonly kind: string;
  readonly data: (vault: Vault) => unknown;
}

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

  return {
    settings,
    policies,
    policy,
    crypt,
    records,
    accounts,
    audit,
    audited,
    clients: createClients({ records, crypt, clock: systemClock }),
    async close(): Promise<void> {
      await audit.move();
      await database.close();
    },

    /** What is wrong with a new password, if anything. */
    checkPassword: createPasswordRules({
      minimum: fewestCharacters(policy.current()),
      loadCommon: loadCommonPasswords,
    }),

    /** Throws what isDuplicate recognises when the name is taken. */
    async addPerson({ username, name, profile, password, more }: NewPerson): Promise<Account> {
      const accountId = randomId();
      const now = systemClock.now();
      const hash = await hasher.hash(password);
      const secret: NewCredential = { kind: 'password', data: () => ({ hash, setAt: now }) };
      const credentials = [secret, ...more].map(({ kind, data }): Credential => {
        const id = randomId();
        return { id, kind, data: data(vaultOf(crypt, accountId, id)), version: 0, addedAt: now };
      });
      const nobodys = { roles: [], groups: [], createdAt: now };
      return accounts.create({ ...nobodys, _id: accountId, username, name, profile, credentials });
    },
  };
}
