/**
 * The library's payloads as they are kept: JSON, sealed for the record it belongs to. They
 * hold what opens doors, such as a token's own id; who reads the database must not get in by
 * what it finds there (S-214).
 */
import type { Crypt } from '../lib/crypt.ts';
import type { OidcRecord } from '../models/oidc-record.ts';

export type Payloads = ReturnType<typeof createPayloads>;

type Kept = Pick<OidcRecord, '_id' | 'payload'>;

export const createPayloads = (crypt: Pick<Crypt, 'seal' | 'open'>) => ({
  seal: (id: string, payload: object): string => crypt.seal(JSON.stringify(payload), contextOf(id)),
  /** As it was sealed: whoever wrote the record knows its type. */
  open: ({ _id, payload }: Kept): unknown => JSON.parse(crypt.open(payload, contextOf(_id))),
});

const contextOf = (id: string): string => `oidc_records/${id}`;
