/**
 * Security keys that were removed, by the ids under which browsers list them: so that a browser that
 * still offers one can be told that it is of no use any more (WebAuthn §5.1.10). Public ids alone.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import { secondsAfter } from '../lib/clock.ts';
import { modelOf } from './model.ts';

export interface RemovedKey {
  /** Its credential id. */
  readonly _id: string;
  readonly account: string;
  /** From then on for good: until then it may be brought back. */
  readonly erasedAt: Date;
  readonly expiresAt: Date;
}

interface Removal {
  readonly account: string;
  readonly credentialIds: readonly string[];
  readonly now: Date;
}

export type RemovedKeys = Omit<ReturnType<typeof createRemovedKeys>, 'model'>;

const DAY_SECONDS = 24 * 60 * 60;
const ERASED_AFTER_SECONDS = 3 * DAY_SECONDS;
/** As long as a browser that is seldom used may still list it. */
const KNOWN_FOR_SECONDS = 400 * DAY_SECONDS;

const schema = new Schema(
  { _id: String, account: String, erasedAt: Date, expiresAt: Date },
  { versionKey: false, collection: 'removed_keys' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ account: 1, erasedAt: 1 });

export function createRemovedKeys(connection: Connection) {
  const model = modelOf<RemovedKey>(connection, 'RemovedKey', schema);

  return {
    model,

    /** Said before it is done: what is still held is not taken for gone. */
    async add({ account, credentialIds, now }: Removal): Promise<void> {
      const erasedAt = secondsAfter(now, ERASED_AFTER_SECONDS);
      const expiresAt = secondsAfter(now, KNOWN_FOR_SECONDS);
      for (const _id of credentialIds) {
        await model.updateOne(
          { _id },
          { $set: { account, erasedAt, expiresAt } },
          { upsert: true },
        );
      }
    },

    async isErased(credentialId: string, now: Date): Promise<boolean> {
      const erased = { _id: credentialId, erasedAt: trusted({ $lte: now }) };
      return (await model.findOne(erased).lean<RemovedKey>().exec()) !== null;
    },

    /** Those of an account that may still be brought back. */
    async keptOf(account: string, now: Date): Promise<readonly string[]> {
      const kept = { account, erasedAt: trusted({ $gt: now }) };
      const found = await model.find(kept).lean<RemovedKey[]>().exec();
      return found.map(({ _id }) => _id);
    },
  };
}
