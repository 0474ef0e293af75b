/**
 * Counts and times every round trip to the database, by collection and command. The driver
 * tells of a command's start with its collection and of its end with its time, each apart.
 */
import type { Connection, mongo } from 'mongoose';

import type { Meter } from '../lib/meter.ts';

type Ended = mongo.CommandSucceededEvent | mongo.CommandFailedEvent;

/** The connection must have been opened with `monitorCommands`. */
export function measureCommands(connection: Connection, meter: Meter): void {
  const collections = new Map<number, string>();
  const client = connection.getClient();
  client.on('commandStarted', ({ requestId, command, commandName }: mongo.CommandStartedEvent) => {
    collections.set(requestId, collectionOf(command, commandName));
  });
  client.on('commandSucceeded', (event) => end(event, 'ok'));
  client.on('commandFailed', (event) => end(event, 'failed'));

  function end({ requestId, commandName: command, duration }: Ended, outcome: string): void {
    const collection = collections.get(requestId) ?? '';
    collections.delete(requestId);
    meter.time('database_operation_seconds', duration / 1000, { collection, command, outcome });
  }
}

/** Empty for commands that are about no collection, such as ping. */
function collectionOf(command: Readonly<Record<string, unknown>>, name: string): string {
  const named = name === 'getMore' ? command.collection : command[name];
  return typeof named === 'string' ? named : '';
}
