/**
 * The answer to a question that another tab, or a first click, has dealt with meanwhile. The
 * library calls such a form forged. Here it leads to the same request as GET, which another site
 * could have sent as well: it changes nothing, its address is checked against the registration
 * again, and it sees the session as it is now, if there is one.
 */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** What the request said, so that the form can say it again. */
const kept = ['client_id', 'post_logout_redirect_uri', 'state', 'ui_locales'] as const;

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

export function askAnew(ctx: KoaContextWithOIDC): void {
  const { body, provider } = ctx.oidc;
  const query = new URLSearchParams();
  for (const { name, value } of picked(body ?? {})) query.set(name, value);
  ctx.status = 303;
  ctx.redirect(provider.pathFor('end_session') + (query.size > 0 ? `?${query.toString()}` : ''));
}

function picked(params: Readonly<Record<string, unknown>>): Field[] {
  return kept.flatMap((name) => {
    const value = params[name];
    return typeof value === 'string' && value !== '' ? [{ name, value }] : [];
  });
}
