/**
 * The library's addresses: which methods each of them knows, and the one that we answer
 * ourselves. It matches paths without regard to case, and so must everything here.
 */
import type { Context, Middleware, Next } from 'koa';
import type Provider from 'oidc-provider';

import { Problem } from '../lib/problem.ts';
import { readUrlencoded } from '../web/forms.ts';
import type { KnownPath } from '../web/methods.ts';
import { seeOther } from './redirect-size.ts';

const GET = ['GET', 'HEAD'];
const AUTHORIZATION_LIMIT = 56 * 1024;
/** Everything after `/auth?`; what browsers and our own header limit carry without trouble. */
const LONGEST_QUERY = 12 * 1024;

const methodsByRoute: Readonly<Record<string, readonly string[]>> = {
  authorization: [...GET, 'POST'],
  pushed_authorization_request: ['POST', 'OPTIONS'],
  token: ['POST', 'OPTIONS'],
  revocation: ['POST', 'OPTIONS'],
  introspection: ['POST', 'OPTIONS'],
  userinfo: [...GET, 'POST', 'OPTIONS'],
  jwks: [...GET, 'OPTIONS'],
  end_session: [...GET, 'POST'],
  end_session_confirm: ['POST'],
  end_session_success: GET,
};

export const providerPaths = (provider: Provider): KnownPath[] => [
  ...Object.entries(methodsByRoute).map(([route, methods]) => ({
    path: provider.pathFor(route),
    methods,
  })),
  { path: '/.well-known/openid-configuration', methods: [...GET, 'OPTIONS'] },
  { path: '/.well-known/oauth-authorization-server', methods: [...GET, 'OPTIONS'] },
];

/**
 * Answers a posted authorization or sign-out request with 303 to the same request as GET
 * (OIDC Core §3.1.2.1 demands POST). A form of another site brings no SameSite=Lax cookies;
 * the GET that follows does, so a live session is seen either way.
 */
export function postedRequests(provider: Provider): Middleware {
  const paths = new Set([provider.pathFor('authorization'), provider.pathFor('end_session')]);

  return async (ctx: Context, next: Next) => {
    const path = ctx.path.toLowerCase().replace(/(?<=.)\/$/, '');
    if (ctx.method !== 'POST' || !paths.has(path)) {
      await next();
      return;
    }

    const params = new URLSearchParams(await readUrlencoded(ctx, AUTHORIZATION_LIMIT));
    const query = params.toString();
    if (query.length > LONGEST_QUERY) throw new Problem('form-too-large');
    seeOther(ctx, `${path}?${query}`, { isSilent: params.get('prompt') === 'none' });
  };
}

/**
 * What was revoked is answered by the status alone (RFC 7009 §2.2). The library's empty text is
 * called text/plain, which some apps take for something that they must read.
 */
export function emptyRevocations(provider: Provider): Middleware {
  const revocation = provider.pathFor('revocation');

  return async (ctx: Context, next: Next) => {
    await next();
    const isRevocation = ctx.path.toLowerCase().replace(/\/$/, '') === revocation;
    if (isRevocation && ctx.status === 200) ctx.remove('Content-Type');
  };
}
