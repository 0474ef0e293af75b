/**
 * How oidc-provider stores things. The library finds, looks and consumes in three steps and
 * looks at no result (seen in helpers/grant_source.js), so whatever must happen once is one
 * conditional write here, and the loser is told so by an exception.
 */
import Provider, {
  type Adapter,
  type AdapterPayload,
  errors,
  type KoaContextWithOIDC,
} from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import { untilWritten } from '../lib/optimistic.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../models/oidc-record.ts';
import type { Clients } from './clients.ts';
import { answerWithSession } from './cookies.ts';
import { resultIn } from './finish-interaction.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { Payloads } from './sealed-payloads.ts';
import type { SessionLimit } from './session-limit.ts';
import type { Sessions } from './session.ts';

export interface AdapterDeps {
  readonly records: OidcRecords;
  readonly clients: Clients;
  readonly sessions: Sessions;
  readonly payloads: Payloads;
  readonly sessionLimit: SessionLimit;
  readonly refreshTokens: Pick<RefreshTokens, 'forgive' | 'consume'>;
  readonly clock: Clock;
  /** From where a session is begun, for its owner to recognise. */
  readonly whereFrom: (ctx: KoaContextWithOIDC) => Pick<OidcRecord, 'browser' | 'address'>;
}

export const createAdapter =
  (deps: AdapterDeps) =>
  (kind: string): Adapter =>
    new RecordAdapter(kind, deps);

const SESSION_RACES = 10;

class RecordAdapter implements Adapter {
  readonly #kind: string;
  readonly #deps: AdapterDeps;

  constructor(kind: string, deps: AdapterDeps) {
    this.#kind = kind;
    this.#deps = deps;
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { clients, records, sessions } = this.#deps;
    if (this.#kind === 'Client') return clients.find(id);

    if (this.#kind === 'RefreshToken') return this.#findRefreshToken(id);
    if (this.#kind !== 'Session') return this.#read(await records.find(this.#kind, id));

    const record = await records.findSession(id);
    const payload = this.#read(record);
    if (record && payload) sessions.loaded(Provider.ctx, record, structuredClone(payload));
    return payload;
  }

  async #findRefreshToken(id: string): Promise<AdapterPayload | undefined> {
    const { records, refreshTokens } = this.#deps;
    const record = await records.find(this.#kind, id);
    const payload = this.#read(record);
    if (record && payload) await refreshTokens.forgive(payload, record);
    return payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#read(await this.#deps.records.find('Session', uid));
  }

  async findByUserCode(): Promise<undefined> {
    throw new Error('the device flow is off');
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const record = this.#write(id, payload, expiresIn);
    if (this.#kind === 'Session') {
      await this.#saveSession({ ...record, handle: digestOf(id) }, payload);
    } else if (this.#kind === 'ReplayDetection') {
      // The library looked first, but two uses of one assertion may both have found nothing.
      const isFirst = await this.#deps.records.create(record);
      if (!isFirst) throw new errors.InvalidClientAuth('used before');
    } else if (this.#kind === 'Interaction' && wasFound(id)) {
      // Another request may have taken its result and removed it meanwhile.
      if (!(await this.#deps.records.update(record))) throw alreadyResumed();
    } else {
      await this.#deps.records.put(record);
    }
  }

  async consume(id: string): Promise<void> {
    const { clock, records, refreshTokens } = this.#deps;
    const isFirst = await (this.#kind === 'RefreshToken'
      ? refreshTokens.consume(id)
      : records.consume({ kind: this.#kind, id, now: clock.now() }));
    if (isFirst) return;
    throw this.#kind === 'PushedAuthorizationRequest'
      ? new errors.InvalidRequestUri('request_uri was already used')
      : new errors.InvalidGrant('already consumed');
  }

  async destroy(id: string): Promise<void> {
    const { records, sessions } = this.#deps;
    const ctx = Provider.ctx;
    if (this.#kind !== 'Session') {
      const isFirst = await records.remove(this.#kind, id);
      // Of two that come back from one sign-in at once, both would go on with a session each.
      if (isFirst || this.#kind !== 'Interaction') return;
      throw alreadyResumed();
    }
    // The library's way of changing a session's id; upsert, next, moves the record.
    if (isOldId(ctx, id)) return;
    // By uid, so that a change of its id at this very moment does not save it.
    const uid = sessions.uidOf(ctx, id);
    await (uid === undefined ? records.removeSession(id) : records.remove('Session', uid));
  }

  /** Called once per kind, though not for kinds that the client may no longer use: takes all. */
  async revokeByGrantId(grantId: string): Promise<void> {
    await this.#deps.records.removeByGrant(grantId);
  }

  /**
   * A session that this request found is only ever replaced, never made again: another request
   * may have signed it out meanwhile. Where one added another app, both are kept.
   */
  async #saveSession(record: OidcRecord, payload: AdapterPayload): Promise<void> {
    const { payloads, records, sessionLimit, sessions } = this.#deps;
    const { _id } = record;
    const ctx = Provider.ctx;
    if (sessions.isStored(ctx, _id, payload)) return;

    const complete = { ...record, ...sessions.beside(ctx) };
    const begun = this.#begun(payload);
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
  }

  #begun({ accountId: signedIn }: AdapterPayload): Partial<OidcRecord> {
    const ctx = Provider.ctx;
    if (signedIn === undefined) return {};
    const from = ctx && this.#deps.whereFrom(ctx);
    return { signedIn, signedInAt: this.#deps.clock.now(), ...from };
  }

  #write(id: string, payload: AdapterPayload, expiresIn: number | undefined): OidcRecord {
    const now = this.#deps.clock.now();
    const _id = recordId(this.#kind, this.#kind === 'Session' ? (payload.uid ?? id) : id);
    return {
      _id,
      kind: this.#kind,
      payload: this.#deps.payloads.seal(_id, payload),
      ...(expiresIn !== undefined && { expiresAt: secondsAfter(now, expiresIn) }),
      ...indexed(this.#kind, payload),
    };
  }

  #read(record: OidcRecord | undefined): AdapterPayload | undefined {
    if (record?.kind !== this.#kind) return undefined;
    // Said in this way, what is no date at all is over.
    if (record.expiresAt && !(record.expiresAt > this.#deps.clock.now())) return undefined;
    const { payloads } = this.#deps;
    const payload = payloads.read(record);
    const result = payload && resultIn(record, payloads);
    if (result) payload.result = result;
    if (payload && record.consumedAt)
      payload.consumed = Math.floor(record.consumedAt.getTime() / 1000);
    return payload;
  }
}

/** Whether it is the interaction that this request came back from. */
const wasFound = (id: string): boolean => Provider.ctx?.oidc.entities.Interaction?.jti === id;

const alreadyResumed = () => new errors.SessionNotFound('the interaction was already resumed');

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

const isOldId = (ctx: KoaContextWithOIDC | undefined, id: string | undefined): boolean =>
  // Not in the library's types: models/session.js, resetIdentifier.
  id !== undefined && (ctx?.oidc.session as { oldId?: string } | undefined)?.oldId === id;

/** Which apps the browser signed in to, as of both readings. */
function withAppsOf({ authorizations }: AdapterPayload, payload: AdapterPayload): AdapterPayload {
  if (!authorizations && !payload.authorizations) return payload;
  return { ...payload, authorizations: { ...authorizations, ...payload.authorizations } };
}

/** What revoking and consent look for. Interactions name a grant too, but are not its tokens. */
function indexed(kind: string, payload: AdapterPayload): Partial<OidcRecord> {
  const { accountId, clientId, grantId } = payload;
  switch (kind) {
    case 'Grant':
      return {
        ...(accountId !== undefined && { accountId }),
        ...(clientId !== undefined && { clientId }),
      };
    case 'Interaction':
    case 'Session':
      return {};
    default:
      return grantId === undefined ? {} : { grantId };
  }
}
