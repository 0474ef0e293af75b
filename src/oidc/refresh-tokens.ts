/**
 * When refresh tokens rotate, and what becomes of one that comes again (RFC 9700 §4.14). What
 * is judged here is stored by adapter.ts.
 *
 * Why so: a public client proves nothing but that it holds the token, so each is good once; yet
 * two tabs and lost answers are no theft, and for a moment they cost nobody the sign-in. A
 * confidential client proves itself each time and renews in parallel, so its token stays until
 * late in its life, and then goes on for as long as requests need that are already under way.
 */
import Provider, { type AdapterPayload, type KoaContextWithOIDC } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { OidcRecord, OidcRecords } from '../models/oidc-record.ts';

/** A use that was refused because it was not the first. */
export interface Reuse {
  readonly ctx: KoaContextWithOIDC;
  readonly client: string;
  /** Whose token it was, where its family was revoked. */
  readonly account?: string | undefined;
  readonly isFamilyRevoked: boolean;
}

export interface RefreshTokensDeps {
  readonly records: Pick<OidcRecords, 'consume' | 'consumeSince'>;
  readonly clock: Clock;
  /** Never throws. */
  readonly reused: (reuse: Reuse) => Promise<void>;
}

export type RefreshTokens = ReturnType<typeof createRefreshTokens>;

const REPEATED_SECONDS = 10;
const OVERLAP_SECONDS = 60;
const ROTATED_AT_PERCENT = 70;

export function createRefreshTokens({ records, clock, reused }: RefreshTokensDeps) {
  /** Requests with a token that was rotated a moment ago. */
  const repeated = new WeakSet<KoaContextWithOIDC>();

  return {
    /** For rotateRefreshToken. */
    mayRotate(ctx: KoaContextWithOIDC): boolean {
      const { RefreshToken: token } = ctx.oidc.entities;
      if (isPublic(ctx) || repeated.has(ctx)) return true;
      return token !== undefined && token.ttlPercentagePassed() >= ROTATED_AT_PERCENT;
    },

    /**
     * Takes back that a token was consumed while that is not yet held against the client that
     * redeems it; what the library then still finds consumed, it revokes with its family.
     */
    async forgive(payload: AdapterPayload, { consumedAt }: OidcRecord): Promise<void> {
      const ctx = Provider.ctx;
      if (!ctx || !consumedAt || !isRedeemed(ctx, payload)) return;
      const seconds = isPublic(ctx) ? REPEATED_SECONDS : OVERLAP_SECONDS;
      if (consumedAt > secondsAfter(clock.now(), -seconds)) {
        repeated.add(ctx);
        delete payload.consumed;
      } else {
        const { accountId: account } = payload;
        await reused({ ctx, client: clientIn(ctx), account, isFamilyRevoked: true });
      }
    },

    /** False when it was used before, and that use does not cover this one. */
    async consume(id: string): Promise<boolean> {
      const ctx = Provider.ctx;
      const now = clock.now();
      const since = secondsAfter(now, -OVERLAP_SECONDS);
      const isGood = await (ctx && !isPublic(ctx)
        ? records.consumeSince({ kind: 'RefreshToken', id, now, since })
        : records.consume({ kind: 'RefreshToken', id, now }));
      if (!isGood && ctx) await reused({ ctx, client: clientIn(ctx), isFamilyRevoked: false });
      return isGood;
    },
  };
}

const isPublic = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.client?.clientAuthMethod === 'none';

const clientIn = ({ oidc }: KoaContextWithOIDC): string => oidc.client?.clientId ?? '';

/** Not merely looked at or revoked; and not by another client, which the library refuses. */
const isRedeemed = ({ oidc }: KoaContextWithOIDC, { clientId }: AdapterPayload): boolean =>
  oidc.route === 'token' && clientId !== undefined && oidc.client?.clientId === clientId;
