/**
 * The apps that people sign in to. Their secrets are sealed at rest (S-181). Each process
 * keeps a client for five seconds, because every request asks for one, and a change must
 * reach every process within that time.
 */
import type { ClientMetadata } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../models/oidc-record.ts';

export type Clients = ReturnType<typeof createClients>;

export interface ClientsDeps {
  readonly records: OidcRecords;
  readonly crypt: Crypt;
  readonly clock: Clock;
}

const KEPT_SECONDS = 5;
const MOST_KEPT = 1000;

interface Kept {
  readonly metadata: ClientMetadata | undefined;
  readonly until: Date;
}

const KIND = 'Client';
const contextOf = (clientId: string): string => `oidc_records client_secret ${clientId}`;

export function createClients({ records, crypt, clock }: ClientsDeps) {
  const kept = new Map<string, Kept>();

  return {
    /** The metadata, its secret in clear. That an id is unknown is kept as well. */
    async find(clientId: string): Promise<ClientMetadata | undefined> {
      const now = clock.now();
      const known = kept.get(clientId);
      if (known && known.until > now) return known.metadata;

      const record = await records.find(KIND, clientId);
      const metadata = record && opened(record);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(clientId, { metadata, until: secondsAfter(now, KEPT_SECONDS) });
      return metadata;
    },

    /** False where there is one of this id already. */
    async create(metadata: ClientMetadata): Promise<boolean> {
      const isNew = await records.create(recordOf(metadata));
      kept.delete(metadata.client_id);
      return isNew;
    },

    /** Validate with `provider.Client.validate` first: this only stores. */
    async save(metadata: ClientMetadata): Promise<void> {
      await records.put(recordOf(metadata));
      kept.delete(metadata.client_id);
    },

    /** Seals secrets anew that an older key sealed; returns how many. */
    async reseal(): Promise<number> {
      let count = 0;
      for (const record of await records.listClients()) {
        const metadata = JSON.parse(record.payload) as ClientMetadata; // written by save
        const { client_id: clientId, client_secret: sealed } = metadata;
        const renewed = sealed && crypt.renew(sealed, contextOf(clientId));
        if (!renewed) continue;
        const payload = JSON.stringify({ ...metadata, client_secret: renewed });
        if (await records.replace({ ...record, payload }, record.payload)) count += 1;
      }
      return count;
    },

    async remove(clientId: string): Promise<void> {
      await records.remove(KIND, clientId);
      kept.delete(clientId);
    },

    async list(): Promise<ClientMetadata[]> {
      return (await records.listClients()).map(opened);
    },
  };

  function recordOf(metadata: ClientMetadata): OidcRecord {
    const { client_id: clientId, client_secret: secret } = metadata;
    const sealed = secret && { client_secret: crypt.seal(secret, contextOf(clientId)) };
    const payload = JSON.stringify({ ...metadata, ...sealed });
    return { _id: recordId(KIND, clientId), kind: KIND, payload };
  }

  function opened({ payload }: OidcRecord): ClientMetadata {
    const metadata = JSON.parse(payload) as ClientMetadata; // written by save, above
    const { client_id: clientId, client_secret: sealed } = metadata;
    return sealed
      ? { ...metadata, client_secret: crypt.open(sealed, contextOf(clientId)) }
      : metadata;
  }
}
