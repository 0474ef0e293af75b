/**
 * The embedded database: a small server that speaks MongoDB's wire protocol and keeps its data in
 * one SQLite file. For trying, developing, testing and installs on one machine.
 *
 * Why so: no mongod can be had from npm or Debian, and nothing there that speaks its protocol both
 * persists and installs. An application sees a connection string and its usual driver either way.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { createBatch } from './batch.ts';
import { createEngine } from './engine/engine.ts';
import { openDatabase } from './engine/open.ts';
import { isDiskFull } from './engine/sqlite-error.ts';
import { sweep } from './engine/sweep.ts';
import { answers, chooseAddress, forgetOwner, readOwner, uriOf, writeOwner } from './owner.ts';
import type { Owner } from './owner.ts';
import { listen } from './server.ts';

export interface EmbeddedDatabase {
  readonly uri: string;
  /** False if another process had the directory; `uri` then leads there. */
  readonly owner: boolean;
  /** Removes what TTL indexes say has expired; the owner does so by itself every minute. */
  sweep(): Promise<void>;
  /** Finishes what has arrived and closes. */
  stop(): Promise<void>;
}

export interface Wanted {
  /** Made if it is not there, for its owner only. */
  readonly directory: string;
  readonly clock?: () => Date;
  /** Told of every command that no index served, by its name and namespace. */
  readonly onScan?: (command: string, namespace: string) => void;
  /** Told of what no client caused, such as a bug; that the disk is full, clients are told. */
  readonly onError?: (error: unknown) => void;
  /** How long an owner that does not answer may be starting or stopping; ten seconds if not given. */
  readonly patienceMs?: number;
}

const sweepEveryMilliseconds = 60_000;
const retryAfterMilliseconds = 50;

/** Starts a database on the directory, or finds the one that has it. Throws if the file is damaged. */
export async function startEmbeddedDatabase(wanted: Wanted): Promise<EmbeddedDatabase> {
  const { patienceMs = 10_000 } = wanted;
  const directory = resolve(wanted.directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // SQLite would call a file system that is read-only an I/O error.
  accessSync(directory, constants.W_OK);
  // An owner may be starting, and has no note yet, or stopping, and still has the lock.
  for (let waitedMs = 0; ; waitedMs += retryAfterMilliseconds) {
    const db = openDatabase(join(directory, 'database.sqlite'));
    if (db !== undefined) return ownOrClose(db, { ...wanted, directory });
    const owner = readOwner(directory);
    if (owner !== undefined && (await answers(owner))) return joinOwner(owner);
    if (waitedMs >= patienceMs) throw inUse(directory, owner);
    await pause(retryAfterMilliseconds);
  }
}

const inUse = (directory: string, owner: Owner | undefined): Error =>
  new Error(
    `${directory} is in use by a process that does not answer${owner ? `: ${owner.pid}` : ''}`,
  );

const nothing = (): Promise<void> => Promise.resolve();

const joinOwner = (owner: Owner): EmbeddedDatabase => ({
  uri: uriOf(owner),
  owner: false,
  sweep: nothing,
  stop: nothing,
});

async function ownOrClose(db: DatabaseSync, wanted: Wanted): Promise<EmbeddedDatabase> {
  try {
    return await own(db, wanted);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function own(db: DatabaseSync, wanted: Wanted): Promise<EmbeddedDatabase> {
  const { directory, clock = () => new Date(), onScan = ignore, onError = ignore } = wanted;
  forgetOwner(directory, readOwner(directory));
  const engine = createEngine(db, { clock, onScan });
  const listener = await listen(chooseAddress(directory), createBatch(engine, onError));
  listener.server.on('error', onError);
  const owner = { pid: process.pid, address: addressOf(listener.server.address()) };
  try {
    writeOwner(directory, owner);
  } catch (error) {
    await listener.close();
    throw error;
  }

  let sweeping = Promise.resolve();
  const sweepOnce = (): Promise<void> => {
    engine.cursors.closeIdle();
    return (sweeping = sweeping.then(() => sweep(engine)).catch(failed));
  };
  const failed = (error: unknown): void => {
    if (!isDiskFull(error)) onError(error);
  };
  const timer = setInterval(() => void sweepOnce(), sweepEveryMilliseconds).unref();

  return {
    uri: uriOf(owner),
    owner: true,
    sweep: sweepOnce,
    async stop() {
      clearInterval(timer);
      await sweeping;
      await listener.close();
      // The lock goes last: whoever waits for it finds neither note nor socket.
      forgetOwner(directory, owner);
      db.close();
    },
  };
}

const ignore = (): void => undefined;

function addressOf(address: ReturnType<Awaited<ReturnType<typeof listen>>['server']['address']>) {
  if (address === null) throw new Error('not listening');
  return typeof address === 'string' ? address : address.port;
}
