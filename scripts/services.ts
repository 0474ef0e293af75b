/**
 * What a script needs to work beside the running service: the same settings, the same
 * database (of an embedded one, through its owner), the same secrets.
 */
import { userInfo } from 'node:os';

import { createAdministration } from '../src/administration/administration.ts';
import { COMMAND_LINE } from '../src/audit/audit.ts';
import { variables } from '../src/config/environment.ts';
import { loadSettings } from '../src/config/load.ts';
import type { Settings } from '../src/config/schema.ts';
import { connectDatabase, createIndexes, type Database } from '../src/database/connect.ts';
import { systemClock } from '../src/lib/clock.ts';
import { createLog } from '../src/lib/log.ts';
import { createAuditTrail, createServices } from '../src/services.ts';

export type Services = Awaited<ReturnType<typeof openServices>>;

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
  const database = await connectDatabase({ ...settings.database, log, isBrief: true });
  try {
    return await servicesOn(database, settings, opening);
  } catch (error) {
    // Else the process would not end.
    await database.close();
    throw error;
  }
}

async function servicesOn(database: Database, settings: Settings, { isReadOnly = false }: Opening) {
  const { connection } = database;
  const deps = { settings, connection, clock: systemClock, log };
  const services = createServices(deps);
  // It promises mails and sign-outs; the service sends them.
  const audit = createAuditTrail(deps, services);
  if (!isReadOnly) await createIndexes(connection);

  return {
    ...services,
    settings,
    administration: createAdministration(
      { ...deps, ...services, audit },
      { by: COMMAND_LINE, name: `command line (${userInfo().username})`, roles: 'all' },
    ),
    async close(): Promise<void> {
      try {
        await audit.move();
      } finally {
        await database.close();
      }
    },
  };
}
