/**
 * The library's cookies. The prefixes make browsers enforce what the attributes
 * promise; they need https, so an issuer on plain http, loopback only, goes without.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

import { createKeyring } from '../lib/keyring.ts';

type Cookies = NonNullable<Configuration['cookies']>;

export const cookiesFor = (issuer: string, keys: readonly string[]): Cookies => ({
  ...kindsOf(issuer),
  keys: createKeyring(keys),
});

function kindsOf(issuer: string) {
  const plain = { httpOnly: true, sameSite: 'lax', signed: true } as const;
  if (new URL(issuer).protocol === 'http:') {
    return {
      names: { session: 'session', interaction: 'interaction', resume: 'resume' },
      long: { ...plain, path: '/' },
      short: plain,
    };
  }
  return {
    // The library gives the short ones a path, which browsers refuse under __Host-.
    names: {
      session: '__Host-session',
      interaction: '__Secure-interaction',
      resume: '__Secure-resume',
    },
    long: { ...plain, path: '/', secure: true },
    short: { ...plain, secure: true },
  };
}

/** Whether this browser is the one that the interaction was started in. */
export const holdsInteraction = (ctx: Context, provider: Provider, uid: string): boolean =>
  ctx.cookies.get(provider.cookieName('interaction'), { signed: true }) === uid;

/** Whether it may go on from there to the app, once there is a result. */
export const holdsResume = (ctx: Context, provider: Provider, uid: string): boolean =>
  ctx.cookies.get(provider.cookieName('resume'), { signed: true }) === uid;

/** The id of the browser's session, for whoever has no provider. */
export const sessionIn = (ctx: Context, issuer: string): string | undefined =>
  ctx.cookies.get(kindsOf(issuer).names.session, { signed: true });

/** Takes the session's cookie from the browser. */
export function dropSession(ctx: KoaContextWithOIDC): void {
  const { cookies, issuer, provider } = ctx.oidc;
  cookies.set(provider.cookieName('session'), null, kindsOf(issuer).long);
}

/** Replaces the session's cookie in this answer; without an id the browser keeps what it has. */
export function answerWithSession(ctx: KoaContextWithOIDC, id: string | undefined): void {
  const { cookies, provider } = ctx.oidc;
  const name = provider.cookieName('session');
  const said = [ctx.response.get('set-cookie') as string | string[]].flat(); // Koa's type forgets lists
  const others = said.filter(
    (line) => ![name, `${name}.sig`].includes(line.split('=', 1)[0] ?? ''),
  );
  ctx.remove('set-cookie');
  if (others.length > 0) ctx.set('set-cookie', others);
  if (id !== undefined) cookies.set(name, id, kindsOf(provider.issuer).long);
}
