/**
 * The library's payloads as they are kept: JSON, sealed for the record it belongs to. They
 * hold what opens doors, such as a token's own id; who reads the database must not get in by
 * what it finds there.
 */
import type { AdapterPayload, InteractionResults } from 'oidc-provider';
import { z, type ZodType } from 'zod';

import type { Crypt } from '../lib/crypt.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import type { OidcRecord } from '../models/oidc-record.ts';

export type Payloads = ReturnType<typeof createPayloads>;

interface PayloadsLog {
  warn(fields: object, event: string): void;
}

type Kept = Pick<OidcRecord, '_id' | 'payload'>;

const text = z.string().optional();
/** What we read of them ourselves; the rest is the library's business. */
const payloadRead = z.looseObject({
  ...{ jti: text, uid: text, accountId: text, clientId: text, grantId: text, acr: text },
  authorizations: z.record(z.string(), z.looseObject({ sid: text })).optional(),
});
const resultRead = z.looseObject({
  error: text,
  login: z.looseObject({ accountId: z.string() }).optional(),
  held: z.object({ id: z.string(), number: z.int() }).optional(),
});

/** As the library has it, and not a copy. */
const thatFits = <Value>(read: ZodType): ZodType<Value> =>
  z.custom<Value>((value) => read.safeParse(value).success);

export const createPayloads = (crypt: Pick<Crypt, 'seal' | 'open'>, log?: PayloadsLog) => ({
  ...sealedFor<AdapterPayload>(crypt, thatFits(payloadRead), log),
  /** What came of an interaction, beside it. */
  results: sealedFor<InteractionResults>(crypt, thatFits(resultRead), log),
});

function sealedFor<Value>(
  crypt: Pick<Crypt, 'seal' | 'open'>,
  shape: ZodType<Value>,
  log?: PayloadsLog,
) {
  const sealed = sealedJson(crypt, shape);
  return {
    seal: (id: string, payload: Value): string => sealed.seal(payload, contextOf(id)),
    open: ({ _id, payload }: Kept): Value => sealed.open(payload, contextOf(_id)),

    /** The same for whoever can do without: what cannot be read is as good as gone. */
    read(kept: Kept): Value | undefined {
      try {
        return this.open(kept);
      } catch (error) {
        log?.warn({ record: kept._id, err: error }, 'record.unreadable');
        return undefined;
      }
    },
  };
}

const contextOf = (id: string): string => `oidc_records/${id}`;
