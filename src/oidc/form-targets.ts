/**
 * Lets the library's own pages lead to the app that the request is for: their forms post to it,
 * or to us and are redirected there. Belongs around the provider, because only it knows which
 * address it has checked.
 */
import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

import { allowFormAction } from '../web/headers.ts';

export const allowFormTargets: Middleware = async (ctx, next) => {
  await next();
  // Where the provider did not take the request, it left nothing behind.
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const target = oidc && ctx.response.is('html') ? targetOf(oidc) : undefined;
  if (typeof target === 'string') allowFormAction(ctx, target);
};

function targetOf({ client, entities, params, redirectUriCheckPerformed, route }: Oidc): unknown {
  if (route.startsWith('end_session')) return client && params?.post_logout_redirect_uri;
  // The page that switches accounts comes before the parameters are restored.
  return redirectUriCheckPerformed
    ? params?.redirect_uri
    : entities.Interaction?.params.redirect_uri;
}

type Oidc = KoaContextWithOIDC['oidc'];
