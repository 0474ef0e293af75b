/**
 * No chain of redirects that begins with a form of ours leaves the house (S-190): Chromium holds
 * every address in it against `form-action`, and where apps redirect on to nobody knows. It ends on
 * a page, and the browser goes on from there by itself. For the library's forms; those of a
 * sign-in end in sign-in/routes.ts. Belongs around the provider.
 */
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

import { dropFormAction } from '../web/headers.ts';

type Oidc = KoaContextWithOIDC['oidc'];

export const leaveByPage: Middleware = async (ctx, next) => {
  await next();
  // Where the provider did not take the request, it left nothing behind.
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (!oidc) return;
  if (isFormPost(oidc) && ctx.response.is('html')) dropFormAction(ctx);
  const location = ctx.response.get('Location');
  if (ctx.method === 'POST' && location) leave(ctx, oidc, location);
};

/**
 * The answer to the app as a form (OAuth 2.0 Form Post Response Mode): it has no input of ours, and
 * where the app leads on from there is not for us to say. The page that switches accounts comes
 * before the address is checked again.
 */
const isFormPost = ({ redirectUriCheckPerformed, params }: Oidc): boolean =>
  redirectUriCheckPerformed === true && params?.response_mode === 'form_post';

function leave(ctx: Context, { client, params, issuer, provider }: Oidc, location: string): void {
  const { origin, pathname, href } = new URL(location, issuer);
  const isOurs = origin === new URL(issuer).origin;
  if (isOurs && pathname === new URL(provider.pathFor('end_session_success'), issuer).pathname)
    return;
  ctx.remove('Location');
  ctx.status = 200;
  // The browser switched accounts on its way through a sign-in, which goes on there.
  if (isOurs) ctx.page('sign-in/leave', { href: pathname, isByHand: false });
  else {
    ctx.page('sign-out/leave', {
      href,
      isByHand: isPrivateUse(href),
      isSignedOut: params?.logout !== undefined,
      ...(client && { client: { name: client.clientName ?? client.clientId } }),
    });
  }
}

/** Phones let nobody into an app without a tap (RFC 8252 §7.1). */
export const isPrivateUse = (uri: string): boolean => !/^https?:/i.test(uri);
