/**
 * How long everything lives, in seconds (figures: config/default.yaml).
 *
 * Why so: a refresh token slides, but its family has an end (RFC 9700, ASVS 10.4.8), counted
 * from the first of them; a grant outlives every session and refresh token that names it.
 */
import type { Configuration, RefreshToken } from 'oidc-provider';

import type { Clock } from '../lib/clock.ts';
import type { Sessions } from './session.ts';

export interface Lifetimes {
  readonly interactionSeconds: number;
  readonly authorizationCodeSeconds: number;
  readonly idTokenSeconds: number;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly refreshTokenTotalSeconds: number;
  readonly sessionSeconds: number;
}

export function lifetimes(
  settings: Lifetimes,
  { sessions, clock }: { sessions: Sessions; clock: Clock },
): NonNullable<Configuration['ttl']> {
  return {
    Interaction: settings.interactionSeconds,
    AuthorizationCode: settings.authorizationCodeSeconds,
    IdToken: settings.idTokenSeconds,
    AccessToken: settings.accessTokenSeconds,
    Grant: settings.sessionSeconds + settings.refreshTokenTotalSeconds,
    Session: (ctx, session) => sessions.secondsLeft(ctx, session),
    RefreshToken: (_ctx, token) => refreshSeconds(token, settings, clock.now()),
  };
}

function refreshSeconds(
  { iiat }: RefreshToken,
  { refreshTokenSeconds, refreshTokenTotalSeconds }: Lifetimes,
  now: Date,
): number {
  const seconds = Math.floor(now.getTime() / 1000);
  const left = (iiat ?? seconds) + refreshTokenTotalSeconds - seconds;
  return Math.max(1, Math.min(refreshTokenSeconds, left));
}
