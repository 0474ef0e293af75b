/**
 * The embedded database: a small server that speaks MongoDB's wire protocol and keeps its data in
 * one SQLite file. For trying, developing, testing and installs on one machine.
 *
 * Why so: no mongod can be had from npm or Debian, and nothing there that speaks its protocol both
 * persists and installs. An application sees a connection string and its usual driver either way.
 */
import { accessSync, constants, mkdirSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { resolve } from 'node:path';

import { createBatch } from './batch.ts';
import { createEngine } from './engine/engine.ts';
import { isDiskFull } from './engine/sqlite-error.ts';
import { sweep } from './engine/sweep.ts';
import { chooseAddress, forgetOwner, readOwner, uriOf, writeOwner } from './owner.ts';
import type { Owner } from './owner.ts';
import { hold, holdAgain, type Holding } from './ownership.ts';
import { listen } from './server.ts';

export interface EmbeddedDatabase {
  /** Good for as long as anybody has the directory, whoever that is. */
  readonly uri: string;
  /** False while another process has the directory; `uri` then leads there. */
  readonly owner: boolean;
  /** Removes what TTL indexes say has expired; the owner does so by itself every minute. */
  sweep(): Promise<void>;
  /** Finishes what has arrived and closes; others take over. */
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
  /** Told when this process has taken over from an owner that is gone. */
  readonly onTakeover?: () => void;
  /** It is stopped soon, as a command is: others wait for that instead of joining it. */
  readonly isBrief?: boolean | undefined;
  /** How long an owner that does not answer may be starting or stopping; ten seconds if not given. */
  readonly patienceMs?: number;
}

const sweepEveryMilliseconds = 60_000;

/** Starts a database on the directory, or finds the one that has it. Throws if the file is damaged. */
export async function startEmbeddedDatabase(wanted: Wanted): Promise<EmbeddedDatabase> {
  const { patienceMs = 10_000, onError = ignore, onTakeover = ignore } = wanted;
  const directory = resolve(wanted.directory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // SQLite would call a file system that is read-only an I/O error.
  accessSync(directory, constants.W_OK);
  const taking = {
    ...{ directory, onError },
    own: (db: DatabaseSync, address: Owner['address'] | undefined) =>
      own(db, { ...wanted, directory, onError, address }),
  };
  let held = await hold(taking, patienceMs);
  const { address } = held;
  const stopping = new AbortController();
  const following = follow();
  let stopped: Promise<void> | undefined;

  return {
    uri: uriOf(held),
    get owner() {
      return held.isOwner;
    },
    sweep: () => held.sweep(),
    stop: () => (stopped ??= stop()),
  };

  async function stop(): Promise<void> {
    stopping.abort();
    if (!held.isOwner) await held.stop();
    await following;
    if (held.isOwner) await held.stop();
  }

  /** For as long as it is somebody else's. */
  async function follow(): Promise<void> {
    while (!held.isOwner) {
      await held.gone;
      const next = await holdAgain(taking, address, stopping.signal);
      if (!next) return;
      held = next;
      if (held.isOwner) onTakeover();
      else if (stopping.signal.aborted) await held.stop();
    }
  }
}

interface Owning extends Wanted {
  readonly onError: (error: unknown) => void;
  /** Where clients look for it already. */
  readonly address: Owner['address'] | undefined;
}

async function own(db: DatabaseSync, wanted: Owning): Promise<Holding> {
  const { directory, clock = () => new Date(), onScan = ignore, onError } = wanted;
  forgetOwner(directory, readOwner(directory));
  const engine = createEngine(db, { clock, onScan });
  const where = chooseAddress(directory, wanted.address);
  const listener = await listen(where, createBatch(engine, onError));
  listener.server.on('error', onError);
  const owner: Owner = {
    ...{ pid: process.pid, address: addressOf(listener.server.address()) },
    ...(wanted.isBrief && { isBrief: true }),
  };
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
    address: owner.address,
    isOwner: true,
    gone: new Promise(ignore),
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
