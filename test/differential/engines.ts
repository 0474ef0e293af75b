/**
 * The two engines that are compared, each reached as the product does, each with a database
 * of its own that is gone afterwards.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectDatabase, type Database } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';
import { databaseOfItsOwn } from '../support/database.ts';

export type Engines = Awaited<ReturnType<typeof openEngines>>;

export async function openEngines() {
  const { MONGODB_URI: uri } = databaseOfItsOwn();
  if (uri === undefined) throw new Error('MONGODB_URI names nothing to compare with');
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-engines-'));
  const { log } = createLog({ level: 'silent' });
  const embedded = await connectDatabase({ directory, log });
  const other = await connectDatabase({ directory, log, uri });

  return {
    both: [embedded, other] as const satisfies readonly Database[],
    async close(): Promise<void> {
      await other.connection.dropDatabase();
      await other.close();
      await embedded.close();
      await rm(directory, { recursive: true });
    },
  };
}
