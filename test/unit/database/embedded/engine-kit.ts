/**
 * For the tests of the embedded database: documents from and to plain objects, by the stock `bson`
 * package, an engine in memory, and random numbers that can be had again.
 */
import { deserialize, serialize } from 'bson';
import type { Document } from 'bson';

import { runCommand } from '../../../../src/database/embedded/commands/run.ts';
import { decode } from '../../../../src/database/embedded/decode.ts';
import { encode } from '../../../../src/database/embedded/document.ts';
import type { Doc, Value } from '../../../../src/database/embedded/document.ts';
import { createEngine } from '../../../../src/database/embedded/engine/engine.ts';
import type { Engine } from '../../../../src/database/embedded/engine/engine.ts';
import { openDatabase } from '../../../../src/database/embedded/engine/open.ts';
import { errorReply } from '../../../../src/database/embedded/errors.ts';

export const toDoc = (object: Document): Doc => decode(Buffer.from(serialize(object)));
export const toObject = (doc: Doc): Document => deserialize(encode(doc));

/** Any value, by way of a document: `undefined` stays what it is. */
export function toValue(value: unknown): Value | undefined {
  return value === undefined ? undefined : toDoc({ value }).get('value');
}

export function engineInMemory(clock = () => new Date(0)): Engine {
  const db = openDatabase(':memory:');
  if (db === undefined) throw new Error('in use');
  return createEngine(db, { clock, onScan: () => undefined });
}

/** Runs a command as a driver would see it: refusals are replies, too. */
export function ask(engine: Engine, command: Document): Document {
  try {
    const reply = runCommand(engine, toDoc({ ...command, $db: 'test' }));
    return deserialize(Buffer.isBuffer(reply) ? reply : encode(reply));
  } catch (error) {
    return deserialize(encode(errorReply(error)));
  }
}

/** Whole numbers from 0 to below `limit`, the same ones for the same seed. */
export function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    // Numerical Recipes' generator; its upper bits are good enough to choose test cases.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** An engine with a collection `c`. */
export function engineWith(
  documents: readonly Document[],
  indexes: readonly Document[] = [],
): Engine {
  const engine = engineInMemory();
  if (indexes.length > 0) ask(engine, { createIndexes: 'c', indexes });
  if (documents.length > 0) ask(engine, { insert: 'c', documents });
  return engine;
}

/** What a promise was rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Record<string, unknown>;
  }
  throw new Error('it did not fail');
}
