/**
 * Opens the file that holds everything, for this process alone. SQLite's exclusive lock is the one
 * truth about who owns a data directory: it goes with its process, however that ends. Nothing else in
 * this process may open the file: closing it would take the lock away, as fcntl(2) warns.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { isBusy, sqliteCode } from './sqlite-error.ts';
import { formatVersion, schema } from './store.ts';

/** "Edb1": tells our files from other SQLite files. */
const applicationId = 0x45646231;

/** Returns undefined if another process has it; throws with an explanation if it cannot be used. */
export function openDatabase(file: string): DatabaseSync | undefined {
  // SQLite gives its other files the same mode.
  if (!existsSync(file) && file !== ':memory:') createPrivately(file);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    // Nothing has been written yet: this takes the lock, and keeps it.
    db.exec('BEGIN EXCLUSIVE');
    prepareSchema(db, file);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw sqliteCode(error) === undefined ? error : unusable(file, error);
  }
}

function createPrivately(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // Another process that starts at the same time was first.
    if (!existsSync(file)) throw error;
  }
}

function prepareSchema(db: DatabaseSync, file: string): void {
  const id = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (isEmpty && id === 0 && version === 0) {
    db.exec(
      `${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`,
    );
  } else if (id !== applicationId) {
    throw new Error(`${file} is not a file of the embedded database`);
  } else if (version > formatVersion) {
    throw new Error(
      `${file} was written by a newer version (format ${version}, this one knows ${formatVersion})`,
    );
  }
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function unusable(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : 'unknown';
  return new Error(`The database file ${file} is damaged or cannot be used: ${reason}`, { cause });
}
