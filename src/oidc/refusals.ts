/**
 * Tells of requests that the library refuses, however it answers them: by a page, by JSON or by
 * sending the browser back to the app with an error. Never a secret: of all parameters, only what
 * is named here is shown, and only where the library's words are about it.
 */
import type { Context, Middleware } from 'koa';
import type Provider from 'oidc-provider';
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

import { Problem } from '../lib/problem.ts';
import { type Refusal, type Refusals, shown } from '../web/refusals.ts';
import { isLate } from './late-sign-out.ts';

/** What the library throws. */
type Cause = Error & {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
};

const events = [
  'authorization.error',
  'end_session.error',
  'end_session_confirm.error',
  'grant.error',
  'introspection.error',
  'pushed_authorization_request.error',
  'revocation.error',
  'userinfo.error',
] as const;

/** Answers to an app that allowed no page, and what the person decided: nothing was wrong. */
const answers: ReadonlySet<string | undefined> = new Set([
  'access_denied',
  'account_selection_required',
  'consent_required',
  'interaction_required',
  'login_required',
  'server_error',
]);

/** The longer name first, because it holds the shorter one. */
const shownParams = [
  ...['post_logout_redirect_uri', 'redirect_uri', 'response_type', 'response_mode', 'scope'],
  ...['prompt', 'acr_values', 'max_age', 'code_challenge_method', 'grant_type', 'claims'],
] as const;

export interface RefusalDeps {
  readonly refusals: Refusals;
  /** For the audit, by an app that is registered, or none; never throws. */
  readonly count: (ctx: Context, client: string | undefined, error: string) => Promise<void>;
}

/** Belongs around the provider. */
export function tellRefusals(provider: Provider, { refusals, count }: RefusalDeps): Middleware {
  const tooLarge = new WeakSet<object>();
  const tell = (ctx: Context, cause: Cause): void => {
    if (isTooLarge(cause)) tooLarge.add(ctx.req);
    const isAnswered = answers.has(cause.error) || isLate(ctx, cause);
    if (!isAnswered) refusals.tell(ctx, refusalOf(ctx, cause));
  };
  for (const event of events) {
    // The library's types list fewer arguments for some of them.
    (provider as NodeJS.EventEmitter).on(event, tell);
  }

  return async (ctx, next) => {
    try {
      await next();
      // The library calls every body that it cannot read invalid (RFC 9110 §15.5.14).
      if (tooLarge.has(ctx.req)) ctx.status = 413;
    } catch (error) {
      // To whoever accepts pages, the library's errors are told by ours.
      if (!(error instanceof Problem) || error.code !== 'request-refused') throw error;
      tell(ctx, error.cause as Cause);
      throw tooLarge.has(ctx.req) ? new Problem('form-too-large', { cause: error.cause }) : error;
    } finally {
      const { error } = refusals.of(ctx) ?? {};
      const { oidc } = ctx as Partial<KoaContextWithOIDC>;
      if (error !== undefined) await count(ctx, oidc?.client?.clientId, error);
    }
  };
}

const isTooLarge = ({ cause }: Cause): boolean =>
  cause instanceof Error && cause.message === 'request entity too large';

/** Of the library's error, with whatever it left behind of the request. */
function refusalOf(ctx: Context, cause: Cause): Refusal {
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  const sent: Readonly<Record<string, unknown>> = {
    ...ctx.query,
    ...oidc?.body,
    ...(oidc?.params as object | undefined),
  };
  const { error = 'invalid_request', error_description: description, error_detail: detail } = cause;
  const about = `${error} ${description ?? ''} ${detail ?? ''}`;
  const name = shownParams.find((param) => about.includes(param));
  return {
    error,
    client: oidc?.client?.clientId ?? shown(sent.client_id),
    description: shown(description),
    detail: shown(whyNoKeys(cause) ?? detail),
    ...(name !== undefined && { [name]: shown(sent[name]) }),
  };
}

/** Why an app's keys were not had from its address, all the way down; of other errors nothing. */
function whyNoKeys(cause: unknown): string | undefined {
  const chain: Error[] = [];
  for (let at = cause; at instanceof Error; at = at.cause) chain.push(at);
  const from = chain.findIndex((each) => each instanceof errors.InvalidClientMetadata);
  if (from < 0) return undefined;
  const words = chain.slice(from).map((each) => (each as Cause).error_description ?? each.message);
  return words.join(': ');
}
