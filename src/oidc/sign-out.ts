/**
 * The library's sign-out with our pages: the question, and that it is done. An app of our own
 * that proves by its ID token which session it means is not asked. Only the browser's
 * cache is cleared; wiping its storage would take an approver's keys along.
 */
import type { Middleware } from 'koa';
import {
  type Client,
  type Configuration,
  errors,
  type KoaContextWithOIDC,
  type Provider,
  type Session,
} from 'oidc-provider';

import { homeOf, isFirstParty } from './client-metadata.ts';
import { dropSession } from './cookies.ts';
import { fieldsToKeep } from './late-sign-out.ts';
import { ASKED_BY, leaveSignOut } from './leave.ts';

type SignOut = NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>;
type Oidc = KoaContextWithOIDC['oidc'];

export const signOutPages: SignOut = {
  enabled: true,

  async logoutSource(ctx) {
    const { provider, session } = ctx.oidc;
    if (session && isMeant(ctx.oidc, session)) {
      await signOut(ctx, session);
      return;
    }
    ctx.page('sign-out/confirm', {
      action: provider.pathFor('end_session_confirm'),
      // As the library puts it into its own form.
      xsrf: String(session?.state?.secret),
      fields: fieldsToKeep(ctx),
      ...nameOf(ctx.oidc.client),
    });
  },

  async postLogoutSuccessSource(ctx) {
    const { client, provider } = ctx.oidc;
    const { [ASKED_BY]: id = '' } = ctx.query;
    const app = wayOnTo(client ?? (await registered(provider, String(id))));
    ctx.page('sign-out/done', { ...nameOf(client), ...app });
  },
};

/**
 * Nobody is signed in, or no longer: that is said at once. The library would have the browser
 * post a form to itself, which needs script or a press. Belongs around the provider.
 */
export const tellSignedOut: Middleware = async (ctx, next) => {
  await next();
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const isAnswered = oidc?.route === 'end_session' && ctx.status === 200;
  if (isAnswered && oidc.session?.accountId === undefined) goOn(ctx as KoaContextWithOIDC);
};

export function clearCacheOnSignOut(provider: Provider): void {
  provider.on('end_session.success', (ctx) => {
    ctx.set('Clear-Site-Data', '"cache"');
  });
}

/** The library has checked who signed the hint; how old it is does not matter. */
function isMeant({ client, entities }: Oidc, { accountId, authorizations }: Session): boolean {
  const hint = entities.IdTokenHint?.payload;
  if (!hint || !client || !isFirstParty(client)) return false;
  if (hint.aud !== client.clientId || hint.sub !== accountId) return false;
  const theirs = Object.entries(authorizations ?? {}).find(([id]) => id === client.clientId)?.[1];
  return theirs !== undefined && (hint.sid === undefined || hint.sid === theirs.sid);
}

/** What the library does when the question is answered with yes. */
async function signOut(ctx: KoaContextWithOIDC, session: Session): Promise<void> {
  const { provider } = ctx.oidc;
  const apps = Object.entries(session.authorizations ?? {});
  await Promise.all(apps.map(([id, { sid }]) => tell(provider, id, { session, sid })));
  await Promise.all(
    apps.map(async ([, { grantId, persistsLogout }]) => {
      if (grantId === undefined || persistsLogout === true) return;
      // The adapter takes tokens of every kind.
      await provider.AccessToken.revokeByGrantId(grantId);
    }),
  );
  await session.destroy();
  dropSession(ctx);
  provider.emit('end_session.success', ctx);
  goOn(ctx);
}

/** The library's types leave it out; back-channel.ts stores what is sent. */
type Told = Client & { backchannelLogout(accountId: string, sid: string): Promise<unknown> };

async function tell(
  provider: Provider,
  clientId: string,
  { session, sid }: { readonly session: Session; readonly sid: string | undefined },
): Promise<void> {
  const client = await registered(provider, clientId);
  if (client?.backchannelLogoutUri === undefined || !session.accountId || !sid) return;
  await (client as Told).backchannelLogout(session.accountId, sid);
}

/** Undefined where it is not, or is registered with what cannot be. */
const registered = (provider: Provider, clientId: string): Promise<Client | undefined> =>
  provider.Client.find(clientId).catch((error: unknown) => {
    if (error instanceof errors.InvalidClient) return undefined;
    throw error;
  });

/** Back to the app, where it named an address, which the library has checked. */
function goOn(ctx: KoaContextWithOIDC): void {
  const { client, params } = ctx.oidc;
  const uri = params?.post_logout_redirect_uri;
  if (typeof uri !== 'string') {
    ctx.page('sign-out/done', wayOnTo(client));
    return;
  }
  const back = new URL(uri);
  if (typeof params?.state === 'string') back.searchParams.set('state', params.state);
  leaveSignOut(ctx, { href: back.href, isSignedOut: true, client });
}

function wayOnTo(client: Client | undefined) {
  const app = homeOf(client);
  return app ? { app } : {};
}

const nameOf = (client: Client | undefined) =>
  client ? { client: { name: client.clientName ?? client.clientId } } : {};
