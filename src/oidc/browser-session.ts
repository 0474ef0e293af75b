/**
 * Who is signed in in a browser, for our own pages: read from the provider's session, and never
 * written. Whether the account still lets that count is for whoever reads the account.
 */
import type { Context } from 'koa';

import type { Proof } from '../assurance/proof.ts';
import type { Clock } from '../lib/clock.ts';
import { isLive, type OidcRecords } from '../models/oidc-record.ts';
import { sessionIn } from './cookies.ts';
import type { Payloads } from './sealed-payloads.ts';
import type { Sessions } from './session.ts';

export interface BrowserSession {
  /** Which stays the same when the id in the cookie changes. */
  readonly record: string;
  readonly accountId: string;
  /** What was proved in it and still counts. */
  readonly proofs: readonly Proof[];
}

export interface BrowserSessionDeps {
  readonly issuer: string;
  readonly records: Pick<OidcRecords, 'findSession'>;
  readonly payloads: Pick<Payloads, 'read'>;
  readonly sessions: Pick<Sessions, 'proofsOfRecord'>;
  readonly clock: Clock;
}

export type BrowserSessions = ReturnType<typeof createBrowserSessions>;

export const createBrowserSessions =
  ({ issuer, records, payloads, sessions, clock }: BrowserSessionDeps) =>
  async (ctx: Context): Promise<BrowserSession | undefined> => {
    const id = sessionIn(ctx, issuer);
    const record = id ? await records.findSession(id) : undefined;
    if (record?.kind !== 'Session' || !isLive(record, clock.now())) return undefined;
    const payload = payloads.read(record);
    const { accountId } = payload ?? {};
    if (!payload || accountId === undefined) return undefined;
    return { record: record._id, accountId, proofs: sessions.proofsOfRecord(record, payload) };
  };
