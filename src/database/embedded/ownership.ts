/**
 * Who has a data directory: one process at a time, by SQLite's lock on the file. All others are
 * connected to it, and when it has gone, however it went, whoever gets the lock takes over at the
 * same address, so that every driver finds the database again by itself.
 *
 * Why so: a command that was running when the service started, or the old process of an update,
 * would otherwise take down for good all that came after it.
 */
import { randomInt } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { openDatabase } from './engine/open.ts';
import { answers, readOwner } from './owner.ts';
import type { Owner } from './owner.ts';

/** The database as this process has it. */
export interface Holding {
  readonly address: Owner['address'];
  readonly isOwner: boolean;
  /** Resolves when another process, whose it is, has gone; never for an owner. */
  readonly gone: Promise<void>;
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export interface Taking {
  readonly directory: string;
  /** Makes the open file a database that others reach: at this address, where there was one before. */
  own(db: DatabaseSync, address: Owner['address'] | undefined): Promise<Holding>;
  readonly onError: (error: unknown) => void;
}

const retryAfterMilliseconds = 50;
/** What cannot be opened just now, such as for a full disk, may be later. */
const failedAfterMilliseconds = 1000;

/** Most commands are done by then; whoever joined them would be cut off when they are. */
const briefMilliseconds = 3000;

/** Owns the directory or joins its owner, who may be starting or stopping; throws after so long. */
export async function hold(taking: Taking, patienceMs: number): Promise<Holding> {
  const begunAt = performance.now();
  for (;;) {
    const waitedMs = performance.now() - begunAt;
    const held = await tried(taking, { joinsBrief: waitedMs >= briefMilliseconds });
    if (held) return held;
    if (waitedMs >= patienceMs) throw inUse(taking.directory);
    await pause(retryAfterMilliseconds);
  }
}

/** The same for whoever was joined and lost its owner: for as long as it takes. */
export async function holdAgain(
  taking: Taking,
  address: Owner['address'],
  signal: AbortSignal,
): Promise<Holding | undefined> {
  while (!signal.aborted) {
    try {
      const held = await tried(taking, { address, joinsBrief: true });
      if (held) return held;
    } catch (error) {
      taking.onError(error);
      await pause(failedAfterMilliseconds);
    }
    // Of chance length, or all who try would be in each other's way again.
    await pause(randomInt(retryAfterMilliseconds, 2 * retryAfterMilliseconds));
  }
  return undefined;
}

interface Trying {
  readonly address?: Owner['address'];
  readonly joinsBrief: boolean;
}

async function tried(
  taking: Taking,
  { address, joinsBrief }: Trying,
): Promise<Holding | undefined> {
  const { directory } = taking;
  const db = openDatabase(join(directory, 'database.sqlite'));
  if (db !== undefined) return ownOrClose(taking, db, address);
  const owner = readOwner(directory);
  if (owner === undefined || (owner.isBrief && !joinsBrief)) return undefined;
  return (await answers(owner)) ? joined(owner) : undefined;
}

async function ownOrClose(
  taking: Taking,
  db: DatabaseSync,
  address: Owner['address'] | undefined,
): Promise<Holding> {
  try {
    return await taking.own(db, address);
  } catch (error) {
    db.close();
    throw error;
  }
}

const inUse = (directory: string): Error => {
  const owner = readOwner(directory);
  const which = owner ? `: ${owner.pid}` : '';
  return new Error(`${directory} is in use by a process that does not answer${which}`);
};

const nothing = (): Promise<void> => Promise.resolve();

/** A connection on which nothing is said: it ends with whoever is at its other end. */
function joined({ address }: Owner): Holding {
  const line =
    typeof address === 'string' ? connect(address) : connect({ host: '127.0.0.1', port: address });
  const gone = new Promise<void>((resolve) => {
    line.once('close', () => resolve());
  });
  line.on('error', () => undefined);
  line.resume().unref();
  return {
    address,
    isOwner: false,
    gone,
    sweep: nothing,
    async stop() {
      line.destroy();
      await gone;
    },
  };
}
