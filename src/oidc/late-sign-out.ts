/**
 * The answer to a question that another tab, or a first click, has dealt with meanwhile. The
 * library calls such a form forged. Here it leads to the same request as GET, which another site
 * could have sent as well: it changes nothing, its address is checked against the registration
 * again, and it sees the session as it is now, if there is one.
 */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

import { leaveSignOut } from './leave.ts';
import { seeOther } from './redirect-size.ts';

/** What the request said, so that the form can say it again. */
const kept = ['client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'] as const;

type Oidc = KoaContextWithOIDC['oidc'];
type Sent = Readonly<Partial<Record<(typeof kept)[number], string>>>;

interface Field {
  readonly name: string;
  readonly value: string;
}

export function fieldsToKeep({ oidc }: KoaContextWithOIDC): Field[] {
  // An app may have named itself by its hint alone.
  return picked({ ...(oidc.params as object | undefined), client_id: oidc.client?.clientId });
}

/** A form of the question whose time is over, or whose session is. */
export function isLate({ oidc }: Partial<KoaContextWithOIDC>, cause: unknown): boolean {
  if (oidc?.route !== 'end_session_confirm' || !(cause instanceof errors.InvalidRequest))
    return false;
  const sent = oidc.params?.xsrf;
  return typeof sent === 'string' && oidc.session?.state?.secret !== sent;
}

/** Whether the first of two clicks on "stay signed in" has settled it. */
export function hasStayed({ body, session }: Oidc): boolean {
  return body?.logout === undefined && session?.state === undefined && isSignedIn(session);
}

const isSignedIn = (session: Oidc['session']): boolean => session?.accountId !== undefined;

/** What the first click was answered with; nobody is sent to an address that is not registered. */
export async function stay(ctx: KoaContextWithOIDC): Promise<void> {
  const { body, provider } = ctx.oidc;
  const { client_id: id, post_logout_redirect_uri: uri, state } = (body ?? {}) as Sent;
  const client = id === undefined ? undefined : await provider.Client.find(id);
  if (uri === undefined || !client?.postLogoutRedirectUriAllowed(uri)) {
    ctx.status = 303;
    ctx.redirect(provider.pathFor('end_session_success'));
    return;
  }
  const back = new URL(uri);
  if (state !== undefined) back.searchParams.set('state', state);
  ctx.status = 200;
  leaveSignOut(ctx, { href: back.href, isSignedOut: false, client });
}

export function askAnew(ctx: KoaContextWithOIDC): void {
  const { body, provider } = ctx.oidc;
  const query = new URLSearchParams();
  for (const { name, value } of picked(body ?? {})) query.set(name, value);
  seeOther(ctx, provider.pathFor('end_session') + (query.size > 0 ? `?${query.toString()}` : ''));
}

function picked(params: Readonly<Record<string, unknown>>): Field[] {
  return kept.flatMap((name) => {
    const value = params[name];
    return typeof value === 'string' && value !== '' ? [{ name, value }] : [];
  });
}
