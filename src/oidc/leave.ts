/**
 * No chain of redirects that begins with a form of ours leaves the house: Chromium holds
 * every address in it against `form-action`, and where apps redirect on to nobody knows. It ends on
 * a page, and the browser goes on from there by itself. For the library's forms; those of a
 * sign-in end in sign-in/routes.ts. Belongs around the provider.
 */
import type { Context, Middleware } from 'koa';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';

import { dropFormAction } from '../web/headers.ts';
import { speakAs } from './ui-locales.ts';

/** Which app asked to sign out, for the page that says it is done: the library names it no more. */
export const ASKED_BY = 'asked_by';

type Oidc = KoaContextWithOIDC['oidc'];

export const leaveByPage: Middleware = async (ctx, next) => {
  await next();
  // Where the provider did not take the request, it left nothing behind.
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (!oidc) return;
  if (isFormPost(oidc) && ctx.response.is('html')) dropFormAction(ctx);
  const location = ctx.response.get('Location');
  if (ctx.method !== 'POST' || !location) return;
  speakAs(ctx, oidc.body?.ui_locales);
  leave(ctx, oidc, location);
};

/**
 * The answer to the app as a form (OAuth 2.0 Form Post Response Mode): it has no input of ours, and
 * where the app leads on from there is not for us to say. The page that switches accounts comes
 * before the address is checked again.
 */
const isFormPost = ({ redirectUriCheckPerformed, params }: Oidc): boolean =>
  redirectUriCheckPerformed === true && params?.response_mode === 'form_post';

function leave(ctx: Context, oidc: Oidc, location: string): void {
  const { client, params, issuer, provider } = oidc;
  const to = new URL(location, issuer);
  const isOurs = to.origin === new URL(issuer).origin;
  if (isOurs && to.pathname === provider.pathFor('end_session_success')) {
    if (ctx.uiLocales) to.searchParams.set('ui_locales', ctx.uiLocales);
    if (client?.clientUri !== undefined) to.searchParams.set(ASKED_BY, client.clientId);
    ctx.set('Location', to.pathname + to.search);
    return;
  }
  // The question, asked anew, is a page of ours.
  if (isOurs && to.pathname === provider.pathFor('end_session')) return;
  ctx.remove('Location');
  ctx.status = 200;
  // The browser switched accounts on its way through a sign-in, which goes on there.
  if (isOurs) ctx.page('sign-in/leave', { href: to.pathname, isByHand: false });
  else leaveSignOut(ctx, { href: to.href, isSignedOut: params?.logout !== undefined, client });
}

/** To the address that the app has registered for it. */
export function leaveSignOut(ctx: Context, { href, isSignedOut, client }: WayOut): void {
  ctx.page('sign-out/leave', {
    ...{ href, isSignedOut, isByHand: isPrivateUse(href) },
    ...(client && { client: { name: client.clientName ?? client.clientId } }),
  });
}

interface WayOut {
  readonly href: string;
  readonly isSignedOut: boolean;
  readonly client: Client | undefined;
}

/** Phones let nobody into an app without a tap (RFC 8252 §7.1). */
export const isPrivateUse = (uri: string): boolean => !/^https?:/i.test(uri);
