/**
 * Counts and times everything that is asked of the database, by collection and operation, as
 * mongoose tells it on its diagnostics channels. The driver's own monitoring would decode every
 * answer once more for its event.
 */
import { tracingChannel } from 'node:diagnostics_channel';

import type { Connection } from 'mongoose';

import type { Meter } from '../lib/meter.ts';

/** One object from an operation's beginning to its end. */
interface Operation {
  readonly operation: string;
  readonly collection: string;
  /** Which connection it is about is said only so. */
  readonly database: string;
  readonly serverAddress: string;
  /** Added by the channel where it failed. */
  readonly error?: unknown;
}

const channels = ['query', 'model:save', 'model:insertMany', 'model:bulkWrite'] as const;

/** Until the connection is closed. The channels are the process's and tell of other ones, too. */
export function measureCommands(connection: Connection, meter: Meter): void {
  const begun = new WeakMap<object, number>();
  const subscribers = { start, end: ignore, asyncStart: ignore, asyncEnd, error: ignore };
  for (const name of channels) {
    const channel = tracingChannel<string, Operation>(`mongoose:${name}`);
    channel.subscribe(subscribers);
    connection.once('close', () => channel.unsubscribe(subscribers));
  }

  function start(told: Operation): void {
    const { name, host } = connection;
    if (told.database === name && told.serverAddress === host) begun.set(told, performance.now());
  }

  function asyncEnd(told: Operation): void {
    const from = begun.get(told);
    if (from === undefined) return;
    const { collection, operation: command } = told;
    const outcome = 'error' in told ? 'failed' : 'ok';
    const seconds = (performance.now() - from) / 1000;
    meter.time('database_operation_seconds', seconds, { collection, command, outcome });
  }
}

const ignore = (): void => undefined;
