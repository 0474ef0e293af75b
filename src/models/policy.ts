/**
 * What the organisation decided, version after version. A version is only ever added, by
 * whoever saw the one before it, so nobody overwrites what they have not read.
 */
import { type Connection, Schema } from 'mongoose';

import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';

export interface PolicyVersion {
  /** 1 for what the configuration said when the installation began. */
  readonly _id: number;
  /** Read through the policy's own shape, never directly. */
  readonly policy: unknown;
  readonly author: string;
  readonly reason: string;
  readonly at: Date;
}

export type Policies = ReturnType<typeof createPolicies>;

const schema = new Schema(
  { _id: Number, policy: Schema.Types.Mixed, author: String, reason: String, at: Date },
  { minimize: false, versionKey: false, collection: 'policies' },
);

export function createPolicies(connection: Connection) {
  const model = modelOf<PolicyVersion>(connection, 'Policy', schema);
  return {
    model,

    async newest(): Promise<PolicyVersion | undefined> {
      const [version] = await model
        .find()
        .sort({ _id: -1 })
        .limit(1)
        .lean<PolicyVersion[]>()
        .exec();
      return version;
    },

    async find(version: number): Promise<PolicyVersion | undefined> {
      return (await model.findById(version).lean<PolicyVersion>().exec()) ?? undefined;
    },

    /** Newest first. */
    history: (most: number): Promise<PolicyVersion[]> =>
      model.find().sort({ _id: -1 }).limit(most).lean<PolicyVersion[]>().exec(),

    /** False when that version is there already. */
    async add(version: PolicyVersion): Promise<boolean> {
      try {
        await model.insertOne(version);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
  };
}
