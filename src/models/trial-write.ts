/**
 * A write that means nothing, to see whether the database takes any. Always the same document.
 */
import { randomBytes } from 'node:crypto';

import { type Connection, Schema } from 'mongoose';

import { modelOf } from './model.ts';

/** So many are never the same twice. */
const FEWEST_BYTES = 16;

interface Trial {
  readonly _id: string;
  readonly filler: Buffer;
}

const schema = new Schema(
  { _id: String, filler: Buffer },
  { minimize: false, versionKey: false, collection: 'trials' },
);

export function createTrialWrite(connection: Connection) {
  const model = modelOf<Trial>(connection, 'Trial', schema);
  /** Random, because engines compress what they store, and write nothing where nothing changed. */
  return async (bytes: number): Promise<void> => {
    const filler = randomBytes(Math.max(bytes, FEWEST_BYTES));
    await model.updateOne({ _id: 'disk' }, { $set: { filler } }, { upsert: true });
  };
}
