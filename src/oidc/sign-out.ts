/**
 * The library's sign-out with our pages: the question, and that it is done. Only the browser's
 * cache is cleared; wiping its storage would take an approver's keys along.
 */
import type Provider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';

type SignOut = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;

export const signOutPages: SignOut = {
  enabled: true,

  logoutSource(ctx) {
    const { provider, session } = ctx.oidc;
    ctx.page('sign-out/confirm', {
      action: provider.pathFor('end_session_confirm'),
      // As the library puts it into its own form.
      xsrf: String(session?.state?.secret),
      ...client(ctx),
    });
  },

  postLogoutSuccessSource(ctx) {
    ctx.page('sign-out/done', client(ctx));
  },
};

export function clearCacheOnSignOut(provider: Provider): void {
  provider.on('end_session.success', (ctx) => {
    ctx.set('Clear-Site-Data', '"cache"');
  });
}

function client({ oidc }: KoaContextWithOIDC) {
  const { client: asking } = oidc;
  return asking ? { client: { name: asking.clientName ?? asking.clientId } } : {};
}
