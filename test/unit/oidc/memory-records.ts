/**
 * The records of `models/oidc-record.ts` in memory, for tests without a database. Each call
 * yields once, as a database would, so that callers can overtake each other.
 */
import { setImmediate } from 'node:timers/promises';

import { digestOf } from '../../../src/lib/codes.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../../../src/models/oidc-record.ts';

export type MemoryRecords = OidcRecords & {
  readonly all: Map<string, OidcRecord>;
  /** What was written, in order. */
  readonly writes: string[];
};

export function memoryRecords(): MemoryRecords {
  const all = new Map<string, OidcRecord>();
  const writes: string[] = [];
  const list = (keep: (record: OidcRecord) => boolean) => [...all.values()].filter(keep);

  return {
    all,
    writes,
    async find(kind, id) {
      await setImmediate();
      return all.get(recordId(kind, id));
    },
    async findSession(id) {
      await setImmediate();
      return list(({ handle }) => handle === digestOf(id))[0];
    },
    async findGrants(accountId, clientId) {
      await setImmediate();
      return list((record) => record.accountId === accountId && record.clientId === clientId);
    },
    async endOldestSessions(accountId, { kept }) {
      await setImmediate();
      const theirs = list((record) => record.signedIn === accountId);
      const at = ({ signedInAt }: OidcRecord): number => signedInAt?.getTime() ?? 0;
      const ended = theirs.sort((left, right) => at(right) - at(left)).slice(kept);
      for (const { _id } of ended) all.delete(_id);
      return ended;
    },
    async listClients() {
      return list(({ kind }) => kind === 'Client');
    },
    async put(record) {
      await setImmediate();
      writes.push(`put ${record.kind}`);
      all.set(record._id, { ...all.get(record._id), ...record });
    },
    async update(record) {
      await setImmediate();
      const found = all.get(record._id);
      if (!found) return false;
      writes.push(`update ${record.kind}`);
      all.set(record._id, { ...found, ...record });
      return true;
    },
    async replace(record, payloadRead) {
      await setImmediate();
      const found = all.get(record._id);
      if (found?.payload !== payloadRead) return false;
      writes.push(`replace ${record.kind}`);
      all.set(record._id, { ...found, ...record });
      return true;
    },
    async reprove(id, proofs) {
      await setImmediate();
      const found = all.get(id);
      if (found) all.set(id, { ...found, proofs });
      return found !== undefined;
    },
    async create(record) {
      await setImmediate();
      if (all.has(record._id)) return false;
      all.set(record._id, record);
      return true;
    },
    async consume({ kind, id, now }) {
      await setImmediate();
      const found = all.get(recordId(kind, id));
      if (!found || found.consumedAt) return false;
      all.set(found._id, { ...found, consumedAt: now });
      return true;
    },
    async consumeSince({ kind, id, now, since }) {
      await setImmediate();
      const found = all.get(recordId(kind, id));
      if (!found || (found.consumedAt && found.consumedAt <= since)) return false;
      all.set(found._id, { ...found, consumedAt: found.consumedAt ?? now });
      return true;
    },
    async addResult(id, { result, now }) {
      await setImmediate();
      const found = all.get(id);
      if (!found?.expiresAt || found.expiresAt <= now || found.result !== undefined) return false;
      writes.push(`result ${found.kind}`);
      all.set(id, { ...found, result });
      return true;
    },
    async remove(kind, id) {
      await setImmediate();
      return all.delete(recordId(kind, id));
    },
    async removeSession(id) {
      await setImmediate();
      for (const { _id } of list(({ handle }) => handle === digestOf(id))) all.delete(_id);
    },
    async removeByGrant(grantId) {
      await setImmediate();
      for (const { _id } of list((record) => record.grantId === grantId)) all.delete(_id);
    },
  };
}
