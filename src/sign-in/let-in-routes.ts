/**
 * Where the mail's link leads, below no flow, because that may be over by then. To look at it
 * changes nothing, so that whatever opens links in mails confirms nothing; and it lets in the browser
 * that it is confirmed in.
 */
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import { type Audit, STRANGER } from '../audit/audit.ts';
import type { RequestContext } from '../flow/request-context.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { digestOf } from '../lib/codes.ts';
import { Problem } from '../lib/problem.ts';
import type { Accounts } from '../models/account.ts';
import { stateOf } from '../models/admission.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readForm } from '../web/forms.ts';

export interface LetInRoutesDeps {
  readonly accounts: Pick<Accounts, 'findByAdmission' | 'admit'>;
  readonly csrf: Csrf;
  readonly visitOf: (ctx: Context) => RequestContext;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly clock: Clock;
}

const AT = '/let-in';
const ADMITTED_SECONDS = 60 * 60;

/** The address in the mail. The token is in the query, which is logged nowhere. */
export const letInLink = (issuer: string, token: string): string =>
  `${issuer}${AT}?${new URLSearchParams({ token }).toString()}`;

const Link = z.object({ token: z.string().max(64) });

export function letInRoutes(deps: LetInRoutesDeps): Middleware & { readonly router: Router } {
  const { accounts, csrf, visitOf, audit, clock } = deps;
  const router = new Router({ prefix: AT });
  const bindingOf = (ctx: Context): string => `let-in/${visitOf(ctx).browser.id}`;

  router.get('/', async (ctx) => {
    const { token } = Link.parse(ctx.query);
    const { state } = await look(ctx, token);
    if (state !== 'open') throw new Problem('link-over');
    visitOf(ctx).keepBrowser();
    ctx.page('sign-in/let-in-confirm', { at: AT, csrf: csrf.token(bindingOf(ctx)), token });
  });

  router.post('/confirm', readForm, csrf.check(bindingOf), async (ctx) => {
    const { token } = Link.parse(formOf(ctx));
    if (!(await admit(ctx, token))) throw new Problem('link-over');
    ctx.status = 303;
    ctx.redirect(`${AT}/done`);
  });

  router.get('/done', (ctx) => ctx.page('sign-in/let-in-done', {}));

  return Object.assign(router.routes() as Middleware, { router });

  async function look(ctx: Context, token: string) {
    const confirming = { digest: digestOf(token), browser: visitOf(ctx).place.browser };
    const account = await accounts.findByAdmission(confirming.digest);
    return { confirming, account, state: account && stateOf(account, confirming, clock.now()) };
  }

  /** Of two clicks, the second finds it done. */
  async function admit(ctx: Context, token: string): Promise<boolean> {
    const { account, confirming, state } = await look(ctx, token);
    if (!account || state !== 'open') return state === 'admitted';
    const { from } = visitOf(ctx);
    const now = clock.now();
    const about = { by: STRANGER, account: account._id, from };
    const events = [audit.event('browser.admitted', about, {})];
    const confirmed = { now, until: secondsAfter(now, ADMITTED_SECONDS), events };
    if (!(await accounts.admit(account._id, confirming, confirmed))) {
      return (await look(ctx, token)).state === 'admitted';
    }
    audit.happened('accounts', account._id, events);
    return true;
  }
}
