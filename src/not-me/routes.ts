/**
 * Where the link "This wasn't me" leads. Its token moves out of the address at once, into a cookie
 * of these pages alone; to look at them changes nothing, so that whatever opens links in mails
 * confirms nothing.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';

import type { createDisownTokens, Disownable } from '../audit/disown-tokens.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Clock } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Accounts } from '../models/account.ts';
import { isDisowned } from '../models/disowned.ts';
import type { Csrf } from '../web/csrf.ts';
import { readForm } from '../web/forms.ts';
import { consequencesOf, type createDisown } from './disown.ts';

export interface NotMeRoutesDeps {
  readonly accounts: Pick<Accounts, 'findById'>;
  readonly tokens: Pick<ReturnType<typeof createDisownTokens>, 'read'>;
  readonly disown: ReturnType<typeof createDisown>;
  readonly csrf: Csrf;
  readonly visitOf: (ctx: Context) => RequestContext;
  readonly isSecure: boolean;
  readonly clock: Clock;
}

const AT = '/account/not-me';
const MINUTE = 60 * 1000;
const LONGEST_TOKEN = 1024;

/** The address in the mail. The token is in the query, which is logged nowhere. */
export const notMeLink = (issuer: string, token: string): string =>
  `${issuer}${AT}?${new URLSearchParams({ token }).toString()}`;

export function notMeRoutes(deps: NotMeRoutesDeps): Middleware & { readonly router: Router } {
  const { accounts, tokens, disown, csrf, visitOf, isSecure, clock } = deps;
  const cookie = isSecure ? '__Secure-not-me' : 'not-me';
  const router = new Router({ prefix: AT });
  // Two links in two tabs are told apart.
  const bindingOf = (ctx: Context): string =>
    `not-me/${visitOf(ctx).browser.id}/${linkIn(ctx)?.event ?? ''}`;

  router.get('/', async (ctx) => {
    const { token } = ctx.query;
    if (token === undefined) await show(ctx);
    else keep(ctx, token);
  });

  router.post('/confirm', readForm, async (ctx) => {
    const link = linkIn(ctx) ?? over();
    await csrf.check(bindingOf)(ctx, async () => undefined);
    await disown(link, visitOf(ctx).from);
    seeOther(ctx);
  });

  return Object.assign(router.routes() as Middleware, { router });

  function keep(ctx: Context, token: string | string[]): void {
    if (typeof token !== 'string' || token.length > LONGEST_TOKEN) over();
    // What only looks ahead comes again when somebody wants it.
    if (ctx.method === 'GET' && !isAhead(ctx)) {
      ctx.cookies.set(cookie, token, {
        ...{ signed: false, httpOnly: true, sameSite: 'lax', secure: isSecure, overwrite: true },
        ...{ path: AT, maxAge: 30 * MINUTE },
      });
    }
    if (isAhead(ctx)) ctx.status = 503;
    else seeOther(ctx);
  }

  async function show(ctx: Context): Promise<void> {
    const link = linkIn(ctx) ?? over();
    const account = (await accounts.findById(link.account)) ?? over();
    const { username } = account;
    if (isDisowned(account, link.event)) {
      ctx.page('not-me/done', { account: username });
      return;
    }
    visitOf(ctx).keepBrowser();
    const { suspends, contests, needsNewPassword } = consequencesOf(account, link, clock.now());
    ctx.page('not-me/confirm', {
      ...{ at: AT, csrf: csrf.token(bindingOf(ctx)), account: username, needsNewPassword },
      ...{ suspends: suspends.length > 0, contests: contests !== undefined },
    });
  }

  /** Undefined where there is none, or it is too old. */
  function linkIn(ctx: Context): Disownable | undefined {
    const link = tokens.read(ctx.cookies.get(cookie, { signed: false }) ?? '');
    return link && link.until > clock.now() ? link : undefined;
  }
}

const isAhead = (ctx: Context): boolean =>
  [ctx.get('Sec-Purpose'), ctx.get('Purpose')].some((purpose) => purpose.includes('prefetch'));

function over(): never {
  throw new Problem('link-over');
}

function seeOther(ctx: Context): void {
  ctx.status = 303;
  ctx.redirect(AT);
}
