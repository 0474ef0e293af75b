/**
 * What oidc-provider keeps: sessions, interactions, grants, codes, tokens and clients, one
 * document each. What any of it means is oidc's business (oidc/adapter.ts).
 *
 * Why so: the payload is one sealed text, because ids that open doors and whatever keys a
 * stranger put into the `claims` parameter end up in it; what is queried stands beside it. An id is
 * only ever looked up together with its kind, so no kind's id opens another's record.
 */
import { type Connection, Schema, trusted } from 'mongoose';

import { digestOf } from '../lib/codes.ts';
import { isDuplicate } from './duplicate.ts';
import { modelOf } from './model.ts';
import { sessionsIn } from './oidc-session.ts';

export interface OidcRecord {
  /** `<Kind>:<digest of its id>`; of a session, of its uid, because its id changes. */
  readonly _id: string;
  readonly kind: string;
  readonly payload: string;
  /** Absent for clients. Judged when reading; the TTL index is only the broom. */
  readonly expiresAt?: Date;
  readonly consumedAt?: Date;
  /** Interactions only: what came of one. Beside its payload, which nobody has to read for it. */
  readonly result?: string;
  /** Sessions only: the digest of the id that the browser's cookie says now. */
  readonly handle?: string;
  /** Codes and tokens: what is revoked together. */
  readonly grantId?: string;
  /** Grants only: whose consent, and for whom. */
  readonly accountId?: string;
  readonly clientId?: string;
  /** Sessions only: what was proved, and when the browser was last here. */
  readonly proofs?: unknown;
  readonly seenAt?: Date;
  /** Sessions with somebody in them only: whose, and since when under this id. */
  readonly signedIn?: string;
  readonly signedInAt?: Date;
  /** From where that was: in our words, never in the browser's own. */
  readonly browser?: string;
  readonly address?: string;
}

interface Use {
  readonly kind: string;
  readonly id: string;
  readonly now: Date;
}

interface Overlap extends Use {
  readonly since: Date;
}

interface Result {
  /** Sealed. */
  readonly result: string;
  readonly now: Date;
}

/** Whether its time is not over. Said in this way, what is no date at all is over. */
export const isLive = ({ expiresAt }: Pick<OidcRecord, 'expiresAt'>, now: Date): boolean =>
  expiresAt !== undefined && expiresAt > now;

export type StoredRecords = ReturnType<typeof createOidcRecords>;
export type OidcRecords = Omit<StoredRecords, 'model'>;

const schema = new Schema(
  {
    _id: String,
    kind: String,
    payload: String,
    expiresAt: Date,
    consumedAt: Date,
    result: String,
    handle: String,
    grantId: String,
    accountId: String,
    clientId: String,
    proofs: Schema.Types.Mixed,
    seenAt: Date,
    signedIn: String,
    signedInAt: Date,
    browser: String,
    address: String,
  },
  { minimize: false, versionKey: false, collection: 'oidc_records' },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });
schema.index({ handle: 1 }, { sparse: true });
schema.index({ grantId: 1 }, { sparse: true });
schema.index({ accountId: 1, clientId: 1 }, { sparse: true });
schema.index({ signedIn: 1, signedInAt: -1 }, { sparse: true });
schema.index({ kind: 1 });

/** What the ids of sessions begin with. */
export const SESSION = 'Session:';

/** Of the id only its digest is kept: it is all that a cookie or a token says. */
export const recordId = (kind: string, id: string): string => `${kind}:${digestOf(id)}`;

export function createOidcRecords(connection: Connection) {
  const model = modelOf<OidcRecord>(connection, 'OidcRecord', schema);

  return {
    model,
    ...sessionsIn(model),

    async find(kind: string, id: string): Promise<OidcRecord | undefined> {
      const found = model.findById(recordId(kind, id)).lean<OidcRecord>();
      return (await found.exec()) ?? undefined;
    },

    /** The grants of one account to one client, longest-lived first. */
    findGrants: (accountId: string, clientId: string): Promise<OidcRecord[]> =>
      model
        .find({ accountId, clientId })
        .sort({ expiresAt: -1 })
        .limit(20)
        .lean<OidcRecord[]>()
        .exec(),

    listClients: (): Promise<OidcRecord[]> =>
      model.find({ kind: 'Client' }).sort({ _id: 1 }).lean<OidcRecord[]>().exec(),

    /** Stores a record, or replaces the fields that are given. */
    async put({ _id, ...fields }: OidcRecord): Promise<void> {
      await model.updateOne({ _id }, { $set: fields }, { upsert: true });
    },

    /** Replaces the fields that are given, only if the record is still there. */
    async update({ _id, ...fields }: OidcRecord): Promise<boolean> {
      return (await model.updateOne({ _id }, { $set: fields })).matchedCount === 1;
    },

    /** The same, only if it still says what was read. */
    async replace({ _id, ...fields }: OidcRecord, payloadRead: string): Promise<boolean> {
      const written = await model.updateOne({ _id, payload: payloadRead }, { $set: fields });
      return written.matchedCount === 1;
    },

    /** Stores a record unless there is one already: of two that race, one is told false. */
    async create(record: OidcRecord): Promise<boolean> {
      try {
        await model.insertOne(record);
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },

    /** False when somebody else consumed it first, or when it is gone. */
    async consume({ kind, id, now }: Use): Promise<boolean> {
      const written = await model.updateOne(
        { _id: recordId(kind, id), consumedAt: trusted({ $exists: false }) },
        { $set: { consumedAt: now } },
      );
      return written.modifiedCount === 1;
    },

    /** The same for what stays good for a while: true, too, where that was after `since`. */
    async consumeSince({ kind, id, now, since }: Overlap): Promise<boolean> {
      const filter = {
        _id: recordId(kind, id),
        $or: [{ consumedAt: trusted({ $exists: false }) }, { consumedAt: trusted({ $gt: since }) }],
      };
      // What is there already is the earlier one, and stays.
      const written = await model.updateOne(filter, { $min: { consumedAt: now } });
      return written.matchedCount === 1;
    },

    /** Says what came of it, once: false when somebody did, when it is over, or gone. */
    async addResult(_id: string, { result, now }: Result): Promise<boolean> {
      const open = {
        _id,
        expiresAt: trusted({ $gt: now }),
        result: trusted({ $exists: false }),
      };
      return (await model.updateOne(open, { $set: { result } })).modifiedCount === 1;
    },

    /** False when somebody else removed it first. */
    async remove(kind: string, id: string): Promise<boolean> {
      return (await model.deleteOne({ _id: recordId(kind, id) })).deletedCount === 1;
    },

    async removeSession(id: string): Promise<void> {
      await model.deleteOne({ handle: digestOf(id) });
    },

    /** Every code and token of a grant, whatever its kind. */
    async removeByGrant(grantId: string): Promise<void> {
      await model.deleteMany({ grantId });
    },
  };
}
