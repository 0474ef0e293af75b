/**
 * The one connection to the database: a MongoDB that was named, or else the embedded one.
 * Settles how mongoose and the driver behave everywhere; what is stored is the models' business.
 */
import { setTimeout as pause } from 'node:timers/promises';

import mongoose, { type Connection, type ConnectOptions } from 'mongoose';

import type { Log } from '../lib/log.ts';
import type { Meter } from '../lib/meter.ts';
import { measureCommands } from './commands.ts';
import { listenForReturn, waitOnce } from './patience.ts';

export interface Database {
  readonly connection: Connection;
  /** An embedded one that another process has open, and may be changing. */
  readonly isShared?: boolean;
  close(): Promise<void>;
}

interface Wanted {
  /** The embedded database is used where this is missing. */
  readonly uri?: string;
  readonly directory: string;
  readonly log: Log;
  /** Told of every command; without it nobody measures them. */
  readonly meter?: Meter;
  /** It is closed soon, as by a command. */
  readonly isBrief?: boolean;
  /** Ends the waiting for a database that is not there yet. */
  readonly signal?: AbortSignal;
}

// A page that cannot be served should say so within three seconds, and the driver tries
// everything that it reads twice.
const ANSWER_WITHIN_MS = 1_500;
/** One of our own: settings of mongoose are global to whoever shares its default instance. */
const ours = new mongoose.Mongoose({
  // An unknown key in a filter would be dropped, and the filter match more than was meant.
  strictQuery: 'throw',
  sanitizeFilter: true,
  maxTimeMS: ANSWER_WITHIN_MS,
});
ours.plugin(waitOnce);
const LONGEST_PAUSE_MS = 2_000;

const options: ConnectOptions = {
  autoCreate: false,
  autoIndex: false,
  bufferCommands: false,
  // What was spent or changed stays so when another server takes over.
  writeConcern: { w: 'majority' },
  readPreference: 'primary',
  retryWrites: true,
  promoteBuffers: true,
  serverSelectionTimeoutMS: ANSWER_WITHIN_MS,
  connectTimeoutMS: ANSWER_WITHIN_MS,
  // A server that hangs keeps its connections open; only this notices.
  socketTimeoutMS: ANSWER_WITHIN_MS,
  waitQueueTimeoutMS: ANSWER_WITHIN_MS,
  // Notices within seconds that a server is gone, or back.
  heartbeatFrequencyMS: 2_000,
};

/** Waits for a MongoDB that is not there yet; throws at once when it refuses us. */
export async function connectDatabase(wanted: Wanted): Promise<Database> {
  const { uri, directory, log, meter } = wanted;
  if (uri) {
    const connection = await connectPatiently(uri, wanted);
    return { connection, close: () => connection.close() };
  }
  // An engine of its own: not for those who have another.
  const { startEmbeddedDatabase } = await import('./embedded/index.ts');
  const embedded = await startEmbeddedDatabase({
    directory,
    isBrief: wanted.isBrief,
    onError: (error) => log.error({ err: error }, 'database.failed'),
    onTakeover: () => log.warn({ directory }, 'database.taken-over'),
  });
  const connection = await connect(embedded.uri, meter);
  return {
    connection,
    isShared: !embedded.owner,
    async close() {
      await connection.close();
      await embedded.stop();
    },
  };
}

async function connectPatiently(uri: string, { log, meter, signal }: Wanted): Promise<Connection> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await connect(uri, meter);
    } catch (error) {
      // Anything else, such as a wrong password, would not get better by waiting.
      if (!(error instanceof mongoose.Error.MongooseServerSelectionError)) throw error;
      log.warn({ err: error, pauseMs }, 'database.missed');
      await pause(pauseMs, undefined, { signal });
    }
  }
}

async function connect(uri: string, meter?: Meter): Promise<Connection> {
  const connection = ours.createConnection(uri, {
    ...options,
    // An address that names no database would mean one that is called "test".
    ...(!namesDatabase(uri) && { dbName: 'doorstep' }),
  });
  if (meter) measureCommands(connection, meter);
  try {
    await connection.asPromise();
    listenForReturn(connection);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

const namesDatabase = (uri: string): boolean => /^[^/]+\/\/[^/]+\/[^?]/.test(uri);

/** Makes the indexes of all models of this connection; throws when one is not as declared. */
export async function createIndexes({ models }: Connection): Promise<void> {
  for (const model of Object.values(models)) {
    await model.createIndexes();
    const { toCreate } = await model.diffIndexes();
    if (toCreate.length > 0) {
      throw new Error(`${model.collection.name} lacks the index ${JSON.stringify(toCreate)}`);
    }
  }
}
