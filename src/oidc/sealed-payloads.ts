/**
 * The library's payloads as they are kept: JSON, sealed for the record it belongs to. They
 * hold what opens doors, such as a token's own id; who reads the database must not get in by
 * what it finds there.
 */
import type { Crypt } from '../lib/crypt.ts';
import type { OidcRecord } from '../models/oidc-record.ts';

export type Payloads = ReturnType<typeof createPayloads>;

interface PayloadsLog {
  warn(fields: object, event: string): void;
}

type Kept = Pick<OidcRecord, '_id' | 'payload'>;

export const createPayloads = (crypt: Pick<Crypt, 'seal' | 'open'>, log?: PayloadsLog) => ({
  seal: (id: string, payload: object): string => crypt.seal(JSON.stringify(payload), contextOf(id)),
  /** As it was sealed: whoever wrote the record knows its type. */
  open: ({ _id, payload }: Kept): unknown => JSON.parse(crypt.open(payload, contextOf(_id))),

  /** The same for whoever can do without: what cannot be read is as good as gone. */
  read({ _id, payload }: Kept): unknown {
    try {
      return this.open({ _id, payload });
    } catch (error) {
      log?.warn({ record: _id, err: error }, 'record.unreadable');
      return undefined;
    }
  },
});

const contextOf = (id: string): string => `oidc_records/${id}`;
