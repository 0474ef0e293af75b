/**
 * Who signs in during a bench: as many accounts as wanted, each with a password and, where nothing
 * else is said, an authenticator app, and one app of ours. They go straight into the database.
 */
import type { Connection } from 'mongoose';

import type { Settings } from '../../src/config/schema.ts';
import { createPasswordHasher } from '../../src/credentials/password-hasher.ts';
import { vaultOf } from '../../src/credentials/vault.ts';
import { connectDatabase, createIndexes } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createLog } from '../../src/lib/log.ts';
import { createAccounts, type Credential } from '../../src/models/account.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createClients } from '../../src/oidc/clients.ts';

export const PASSWORD = 'nine boats on a quiet lake';
export const SEED = 'NRUWY3DJMFXHI2LNMFTWS3TBNRUWK43U';
export const CLIENT = {
  id: 'bench-shop',
  secret: 'b7f0c2d94e1a4f58a3c6e9d10b82f7354ad6c1e0',
  redirectUri: 'https://shop.example.net/back',
} as const;

/** What somebody has beside the password; `seal` is for the credential of this id. */
export type Holds = (index: number, seal: (id: string, plain: string) => string) => Held;

export interface Held {
  readonly credential: Pick<Credential, 'id' | 'kind' | 'data'>;
  readonly userHandle?: string;
}

/** An authenticator app, whose seed they all share. */
export const appOf: Holds = (_index, seal) => ({
  credential: { id: 'app', kind: 'app', data: { seed: seal('app', SEED), lastStep: 0 } },
});

export const accountIdOf = (index: number): string => `bench-${index}`;

export const usernameOf = (index: number): string => `tenant-${index}`;

/**
 * The embedded database groups what comes at once into one transaction. No more than
 * that, because the driver opens few connections at a time, and whoever waits too long gives up.
 */
const AT_ONCE = 32;

export async function moveTenantsIn(
  settings: Settings,
  count: number,
  holds = appOf,
): Promise<void> {
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  try {
    await moveIn(database.connection, { settings, count, holds });
  } finally {
    await database.close();
  }
}

interface Wanted {
  readonly settings: Settings;
  readonly count: number;
  readonly holds: Holds;
}

async function moveIn(connection: Connection, { settings, count, holds }: Wanted): Promise<void> {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const accounts = createAccounts(connection);
  const records = createOidcRecords(connection);
  await createIndexes(connection);
  await createClients({ records, crypt, clock: systemClock }).save({
    client_id: CLIENT.id,
    client_secret: CLIENT.secret,
    client_name: 'Bench',
    redirect_uris: [CLIENT.redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    first_party: true,
  });

  // One password for all, hashed once: checking it costs what it costs anyway.
  const hash = await createPasswordHasher(settings.passwords, systemClock).hash(PASSWORD);
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, at) => first + at);
    await Promise.all(some.map((index) => accounts.create(tenant(index))));
  }

  function tenant(index: number) {
    const username = usernameOf(index);
    const accountId = accountIdOf(index);
    const now = systemClock.now();
    const seal = (id: string, plain: string) => vaultOf(crypt, accountId, id).seal(plain);
    const { credential, ...more } = holds(index, seal);
    const password = { id: 'password', kind: 'password', data: { hash, setAt: now } };
    const credentials = [password, credential].map((one) => ({ ...one, version: 0, addedAt: now }));
    const email = `${username}@example.org`;
    return {
      ...{ _id: accountId, username, name: `Tenant ${index}`, credentials, createdAt: now },
      ...{ profile: { email, isEmailVerified: true }, roles: [], groups: [], ...more },
    };
  }
}
