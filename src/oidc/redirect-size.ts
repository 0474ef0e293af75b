/**
 * Keeps the last redirect to an app small enough for the proxies before us: nginx takes a header
 * of 4 kB from a server, and calls one that answers with more broken, for everybody. What an app
 * sent along as `state` must come back, so where it is long a page leads on instead of a header.
 * Belongs around the provider.
 */
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

import { Problem } from '../lib/problem.ts';
import { letBeFramed } from '../web/headers.ts';
import { isPrivateUse } from './leave.ts';

/** Of all header lines together; a proxy adds some of its own to them. */
const MOST_HEADER_BYTES = 3_500;
const MOST_ADDRESS_BYTES = 8_192;
/** What is left of it beside the headers of a page. */
const MOST_OWN_BYTES = 2_500;

/** A redirect is no page: nothing of it is drawn, framed or run. */
const OF_PAGES = [
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'x-content-type-options',
] as const;

export const keepRedirectsSmall: Middleware = async (ctx, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const location = ctx.response.get('Location');
  if (!oidc || !location || ctx.status < 300 || ctx.status >= 400) return;
  if (Buffer.byteLength(location) > MOST_ADDRESS_BYTES) {
    ctx.remove('Location');
    throw new Problem('uri-too-long');
  }
  if (isForeign(location, oidc) && headerBytes(ctx) > MOST_HEADER_BYTES) {
    leave(ctx, oidc, location);
    if (oidc.params?.prompt === 'none') letBeFramed(ctx);
  } else withoutBody(ctx);
};

/**
 * To an address of ours that repeats what an app sent, however long that is. `isSilent`: the app
 * wants nobody to be asked, maybe in a frame.
 */
export function seeOther(ctx: Context, href: string, { isSilent = false } = {}): void {
  if (Buffer.byteLength(href) > MOST_OWN_BYTES) {
    ctx.status = 200;
    ctx.page('sign-in/leave', { href, isByHand: false });
    if (isSilent) letBeFramed(ctx);
    return;
  }
  ctx.status = 303;
  ctx.redirect(href);
}

/** Koa would say the address once more, as a page. */
function withoutBody(ctx: Context): void {
  ctx.body = '';
  for (const name of [...OF_PAGES, 'content-type']) ctx.remove(name);
}

const isForeign = (location: string, { issuer }: { readonly issuer: string }): boolean =>
  new URL(location, issuer).origin !== new URL(issuer).origin;

function leave(ctx: Context, { client }: KoaContextWithOIDC['oidc'], href: string): void {
  ctx.remove('Location');
  ctx.status = 200;
  ctx.page('sign-in/leave', {
    href,
    isByHand: isPrivateUse(href),
    ...(client && { client: { name: client.clientName ?? client.clientId } }),
  });
}

/** As they stand on the wire: the name, a colon, a space, the value and the end of the line. */
const headerBytes = (ctx: Context): number =>
  Object.entries(ctx.res.getHeaders())
    .filter(([name]) => !OF_PAGES.some((dropped) => dropped === name))
    .flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${String(one)}\r\n`))
    .reduce((sum, line) => sum + Buffer.byteLength(line), 0);
