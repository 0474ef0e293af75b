/**
 * How oidc-provider stores things. The library finds, looks and consumes in three steps and
 * looks at no result (seen in helpers/grant_source.js), so whatever must happen once is one
 * conditional write here, and the loser is told so by an exception.
 */
import Provider, { type Adapter, type AdapterPayload, errors } from 'oidc-provider';

import { secondsAfter } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../models/oidc-record.ts';
import type { Clients } from './clients.ts';
import { resultIn } from './finish-interaction.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import { createSaveSession, isOldId, type SaveSessionDeps } from './save-session.ts';

export interface AdapterDeps extends SaveSessionDeps {
  readonly records: OidcRecords;
  readonly clients: Clients;
  readonly refreshTokens: Pick<RefreshTokens, 'forgive' | 'consume'>;
}

export const createAdapter =
  (deps: AdapterDeps) =>
  (kind: string): Adapter =>
    new RecordAdapter(kind, deps);

class RecordAdapter implements Adapter {
  readonly #kind: string;
  readonly #deps: AdapterDeps;
  readonly #saveSession: ReturnType<typeof createSaveSession>;

  constructor(kind: string, deps: AdapterDeps) {
    this.#kind = kind;
    this.#deps = deps;
    this.#saveSession = createSaveSession(deps);
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
