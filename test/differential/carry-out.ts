/**
 * Gives a command to an engine, and puts what comes of it into words that can be compared.
 */
import { EJSON } from 'bson';
import type { mongo } from 'mongoose';

import { isDuplicate } from '../../src/models/duplicate.ts';
import type { Command } from './commands.ts';

export type Things = mongo.Collection<{ _id: string; [field: string]: unknown }>;

/**
 * As text, because 1 and 1.0 are the same to JavaScript and not to a database. By name, because
 * DocumentDB adds new fields in the order of the update, and MongoDB in that of their names.
 */
export const asText = (value: unknown): string =>
  JSON.stringify(inOrder(EJSON.serialize(value, { relaxed: false })));

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const byName = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(byName.map(([name, inner]) => [name, inOrder(inner)]));
}

export const outcomeOf = (things: Things, command: Command): Promise<string> =>
  carryOut(things, command).then(asText, problemOf);

/** Engines agree on codes, and not on words. */
function problemOf(error: unknown): string {
  if (isDuplicate(error)) return 'duplicate';
  const { code } = error as { code?: number };
  // Anything without a code is not an answer of the engine.
  if (code === undefined) throw error;
  return `error ${code}`;
}

async function carryOut(things: Things, command: Command): Promise<unknown> {
  switch (command.do) {
    case 'insertOne':
      return things.insertOne(command.document);
    case 'insertMany':
      return things.insertMany(command.documents, { ordered: command.ordered });
    case 'updateOne':
      return things.updateOne(command.filter, command.update, { upsert: command.upsert });
    case 'updateMany':
      return things.updateMany(command.filter, command.update);
    case 'updateEach': {
      const { matchedCount, modifiedCount } = await things.bulkWrite(
        command.updates.map((one) => ({ updateOne: one })),
      );
      return { matchedCount, modifiedCount };
    }
    case 'replaceOne':
      return things.replaceOne(command.filter, command.document);
    case 'findOneAndUpdate': {
      const { filter, update, ...options } = command;
      return things.findOneAndUpdate(filter, update, options);
    }
    case 'findOneAndDelete':
      return things.findOneAndDelete(command.filter, { sort: command.sort });
    case 'deleteOne':
      return things.deleteOne(command.filter);
    case 'deleteMany':
      return things.deleteMany(command.filter);
    case 'countDocuments':
      return things.countDocuments(command.filter);
    case 'distinct':
      return (await things.distinct(command.key, command.filter)).map(asText).sort();
    case 'find': {
      const { filter, ...options } = command;
      return things.find(filter, options).toArray();
    }
  }
}
