/**
 * What export and import have in common: one folder, named on the command line, and the database
 * of the settings. Asks for no model: what they copy is whatever is there.
 */
import { resolve } from 'node:path';

import type { Connection } from 'mongoose';

import { connectDatabase } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';
import { onlyOne, parsed } from '../doorstep/arguments.ts';
import { table } from '../doorstep/print.ts';
import { Mistake } from '../doorstep/run.ts';
import { scriptSettings } from '../services.ts';

type Database = NonNullable<Connection['db']>;
/** Returns a row for each collection. */
type Copy = (database: Database, folder: string) => Promise<string[][]>;

/** A service waits for its database; a command does not. */
const PATIENCE_MS = 10_000;
const RUNNING =
  'Doorstep is running on this database: what changes meanwhile may be missing. Stop it first.';

export async function copying(help: string, copy: Copy): Promise<void> {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { names, values } = parsed(process.argv.slice(2), options);
  if (values.help) return void process.stdout.write(help);
  const folder = onlyOne(names, 'folder');

  const { database: wanted } = await scriptSettings();
  const { log } = createLog({ level: 'silent' });
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const source = await connectDatabase({ ...wanted, log, signal, isBrief: true }).catch(explain);
  try {
    const { db } = source.connection;
    if (!db) throw new Error('not connected');
    if (source.isShared) process.stderr.write(`${RUNNING}\n`);
    process.stdout.write(table(await copy(db, resolve(folder)).catch(explain)));
  } finally {
    await source.close();
  }
}

/** A disk or a database that cannot be had is nothing that a stack would explain. */
function explain(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  if (error.name === 'AbortError') throw new Mistake('The database does not answer.');
  if ('syscall' in error) throw new Mistake(error.message);
  throw error;
}
