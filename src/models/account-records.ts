/**
 * What oidc-provider keeps for one account: its sessions and what its apps were granted. Whatever
 * is named is looked for among the account's own, and nowhere else.
 */
import type { OidcRecord, StoredRecords } from './oidc-record.ts';

export type AccountRecords = ReturnType<typeof createAccountRecords>;

/** More than anybody has; of what is beyond, nobody could make sense. */
const MOST = 200;

export function createAccountRecords({ model }: Pick<StoredRecords, 'model'>) {
  return {
    /** The newest first. Some may be over. */
    sessionsOf: (signedIn: string): Promise<OidcRecord[]> =>
      model.find({ signedIn }).sort({ signedInAt: -1 }).limit(MOST).lean<OidcRecord[]>().exec(),

    findSession: async (signedIn: string, _id: string): Promise<OidcRecord | undefined> =>
      (await model.findOne({ _id, signedIn }).lean<OidcRecord>().exec()) ?? undefined,

    /** As it was when it went; undefined where somebody else was quicker, or it is another's. */
    takeSession: async (signedIn: string, _id: string): Promise<OidcRecord | undefined> =>
      (await model.findOneAndDelete({ _id, signedIn }).lean<OidcRecord>().exec()) ?? undefined,

    /** Of every app, the longest-lived first. Some may be over. */
    grantsOf: (accountId: string): Promise<OidcRecord[]> =>
      model.find({ accountId }).sort({ expiresAt: -1 }).limit(MOST).lean<OidcRecord[]>().exec(),

    /** Those of one app, as they were when they went; none where somebody else was quicker. */
    async takeGrants(accountId: string, clientId: string): Promise<OidcRecord[]> {
      const found = await model.find({ accountId, clientId }).lean<OidcRecord[]>().exec();
      const taken = await Promise.all(
        found.map(async ({ _id }) => (await model.deleteOne({ _id })).deletedCount === 1),
      );
      return found.filter((_, index) => taken[index]);
    },
  };
}
