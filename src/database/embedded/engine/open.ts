/**
 * Opens the file that holds everything, for this process alone. SQLite's exclusive lock is the one
 * truth about who owns a data directory: it goes with its process, however that ends. Nothing else in
 * this process may open the file: closing it would take the lock away, as fcntl(2) warns.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, linkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { isBusy, isDiskFull, sqliteCode } from './sqlite-error.ts';
import { formatVersion, schema } from './store.ts';

/** "Edb1": tells our files from other SQLite files. */
const applicationId = 0x45646231;

/** Returns undefined if another process has it; throws with an explanation if it cannot be used. */
export function openDatabase(file: string): DatabaseSync | undefined {
  if (file !== inMemory) ensureThere(file);
  const wasClosed = !existsSync(`${file}-wal`);
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    // Nothing has been written yet: this takes the lock, and keeps it.
    db.exec('BEGIN EXCLUSIVE');
    if (file === inMemory) makeTables(db);
    else checkFile(db, file, wasClosed);
    db.exec('COMMIT');
    return db;
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw sqliteCode(error) === undefined ? error : unusable(file, error);
  }
}

const inMemory = ':memory:';

/**
 * A new file appears whole, tables and all. So an empty one is never the beginning: SQLite would
 * take a file that was cut off for a new one.
 */
function ensureThere(file: string): void {
  if (existsSync(file)) {
    if (statSync(file).size === 0) throw new Error(`The database file ${file} is damaged: empty`);
  } else if (existsSync(`${file}-wal`)) {
    throw new Error(`The database file ${file} is gone, but its log ${file}-wal is there`);
  } else {
    create(file);
  }
}

function create(file: string): void {
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  // SQLite gives its other files the same mode.
  writeFileSync(draft, '', { flag: 'wx', mode: 0o600 });
  try {
    const db = new DatabaseSync(draft);
    try {
      makeTables(db);
    } finally {
      db.close();
    }
    linkSync(draft, file);
  } catch (error) {
    // Another process that started at the same time was first.
    if (!existsSync(file)) throw sqliteCode(error) === undefined ? error : unusable(file, error);
  } finally {
    rmSync(draft);
  }
}

function makeTables(db: DatabaseSync): void {
  db.exec(
    `${schema} PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${formatVersion}`,
  );
}

function checkFile(db: DatabaseSync, file: string, wasClosed: boolean): void {
  const version = pragma(db, 'user_version');
  if (pragma(db, 'application_id') !== applicationId) {
    throw new Error(`${file} is not a file of the embedded database`);
  }
  if (version > formatVersion) {
    throw new Error(
      `${file} was written by a newer version (format ${version}, this one knows ${formatVersion})`,
    );
  }
  // SQLite notices that pages are missing, but reads the lost end of one as zeros. After a crash
  // the log makes it whole.
  if (wasClosed && statSync(file).size % pragma(db, 'page_size') !== 0) {
    throw new Error(`The database file ${file} is damaged: its last page is cut off`);
  }
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function unusable(file: string, cause: unknown): Error {
  if (isDiskFull(cause)) return new Error(`${file} cannot be written: the disk is full`, { cause });
  const reason = cause instanceof Error ? cause.message : 'unknown';
  return new Error(`The database file ${file} is damaged or cannot be used: ${reason}`, { cause });
}
