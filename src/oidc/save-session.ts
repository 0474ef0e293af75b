/**
 * How a session of the library's is stored, though several requests may change it at once: what
 * one of them signed out stays so, and what each let in is kept.
 */
import Provider, { type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';

import type { Clock } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import { untilWritten } from '../lib/optimistic.ts';
import type { OidcRecord, OidcRecords } from '../models/oidc-record.ts';
import { answerWithSession } from './cookies.ts';
import type { Payloads } from './sealed-payloads.ts';
import type { SessionLimit } from './session-limit.ts';
import type { Sessions } from './session.ts';

export interface SaveSessionDeps {
  readonly records: Pick<OidcRecords, 'find' | 'put' | 'replace'>;
  readonly sessions: Sessions;
  readonly payloads: Payloads;
  readonly sessionLimit: SessionLimit;
  readonly clock: Clock;
  /** From where a session is begun, for its owner to recognise. */
  readonly whereFrom: (ctx: KoaContextWithOIDC) => Pick<OidcRecord, 'browser' | 'address'>;
}

const SESSION_RACES = 10;

/**
 * A session that this request found is only ever replaced, never made again: another request
 * may have signed it out meanwhile. Where one added another app, both are kept.
 */
export function createSaveSession(deps: SaveSessionDeps) {
  const { payloads, records, sessionLimit, sessions, clock, whereFrom } = deps;

  return async (record: OidcRecord, payload: AdapterPayload): Promise<void> => {
    const { _id } = record;
    const ctx = Provider.ctx;
    if (sessions.isStored(ctx, _id, payload)) return;

    const complete = { ...record, ...sessions.beside(ctx) };
    const begun = begunBy(payload);
    const known = sessions.read(ctx, _id);
    if (known === undefined) {
      const { accountId } = payload;
      await records.put({ ...complete, ...begun });
      return accountId === undefined ? undefined : sessionLimit.enforce(accountId);
    }

    await untilWritten<string | undefined>({
      known,
      read: async () => (await records.find('Session', payload.uid ?? ''))?.payload,
      async write(read) {
        if (read === undefined) return true;
        const stored = payloads.open({ _id, payload: read });
        const id = idAfter(ctx, stored, payload);
        if (ctx && id !== payload.jti) answerWithSession(ctx, id);
        if (id === undefined) return true;

        const merged = payloads.seal(_id, { ...withAppsOf(stored, payload), jti: id });
        const since = stored.accountId === undefined ? begun : {};
        const changed = { ...complete, ...since, payload: merged, handle: digestOf(id) };
        return records.replace(changed, read);
      },
      most: SESSION_RACES,
      // Unsaved, it would not know the app that was just let in, nor tell it of the sign-out.
      lost: () => new Error('a session is being changed by too many requests'),
    });
  };

  function begunBy({ accountId: signedIn }: AdapterPayload): Partial<OidcRecord> {
    const ctx = Provider.ctx;
    if (signedIn === undefined) return {};
    return { signedIn, signedInAt: clock.now(), ...(ctx && whereFrom(ctx)) };
  }
}

/**
 * Under which id the session goes on when two requests changed it at once. Two sign-ins of one
 * browser that finish together meet in one session; whoever only knew the old id, and proved
 * nothing, must not learn the new one, and another account's sign-in stays out.
 */
function idAfter(
  ctx: KoaContextWithOIDC | undefined,
  stored: AdapterPayload,
  payload: AdapterPayload,
): string | undefined {
  const isMoved = stored.jti !== payload.jti && !isOldId(ctx, stored.jti);
  if (!isMoved) return payload.jti;
  const hasSignedIn = ctx?.oidc.result?.login?.accountId === stored.accountId;
  return hasSignedIn ? stored.jti : undefined;
}

/** The library's way of changing a session's id: the record moves. */
export const isOldId = (ctx: KoaContextWithOIDC | undefined, id: string | undefined): boolean =>
  // Not in the library's types: models/session.js, resetIdentifier.
  id !== undefined && (ctx?.oidc.session as { oldId?: string } | undefined)?.oldId === id;

/** Which apps the browser signed in to, as of both readings. */
function withAppsOf({ authorizations }: AdapterPayload, payload: AdapterPayload): AdapterPayload {
  if (!authorizations && !payload.authorizations) return payload;
  return { ...payload, authorizations: { ...authorizations, ...payload.authorizations } };
}
