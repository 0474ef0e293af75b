/**
 * The pages of "My account" beside Security info: what else somebody may look at.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';

import type { RequestContext } from '../flow/request-context.ts';
import type { Flows } from '../models/flow.ts';
import type { MethodRules } from '../verification/choices.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readForm } from '../web/forms.ts';
import { keepWish } from '../web/language-wishes.ts';
import { type ActivityDeps, activityOf } from './activity.ts';
import { type AppListDeps, appsOf } from './apps.ts';
import { isEnded } from './flow.ts';
import type { Here } from './here.ts';
import { onOldPhone } from './new-phone.ts';
import { createChooseLanguage, type LanguageDeps, profileOf } from './profile.ts';
import { accountPage, doneIn } from './security-info.ts';
import { type SessionListDeps, sessionsOf } from './sessions.ts';

export interface MorePagesDeps
  extends LanguageDeps, SessionListDeps, ActivityDeps, AppListDeps, MethodRules {
  readonly flows: Pick<Flows, 'find'>;
  readonly csrf: Csrf;
  readonly signOutAt: string;
  readonly languages: { readonly available: readonly string[] };
  readonly visitOf: (ctx: Context) => RequestContext;
  /** Whoever may not see it is sent to sign in, and comes back to this place. */
  readonly seen: (
    ctx: Context,
    place: string,
    show: (here: Here) => Promise<void>,
  ) => Promise<void>;
}

export function morePages(router: Router, deps: MorePagesDeps): void {
  const { seen, visitOf } = deps;

  router.get('/sessions', (ctx) =>
    seen(ctx, 'sessions', async (here) => {
      const listed = await sessionsOf(here, visitOf(ctx).browser, deps);
      ctx.page('account/sessions', { ...(await framed(ctx, here)), ...listed });
    }),
  );

  router.get('/activity', (ctx) =>
    seen(ctx, 'activity', async (here) => {
      const { before } = ctx.query;
      const { _id, profile } = here.account;
      const activity = await activityOf(_id, before, deps);
      const zone = profile.zoneinfo !== undefined && { zone: profile.zoneinfo };
      const page = { ...activity, ...zone, isOlder: before !== undefined };
      ctx.page('account/activity', { ...accountPage(here, deps), ...page });
    }),
  );

  router.get('/apps', (ctx) =>
    seen(ctx, 'apps', async (here) => {
      const apps = await appsOf(here.account._id, deps);
      ctx.page('account/apps', { ...(await framed(ctx, here)), apps });
    }),
  );

  router.get('/new-phone', (ctx) =>
    seen(ctx, 'new-phone', async (here) => {
      const done = await doneIn(ctx, here, deps);
      const methods = await onOldPhone(here.account, deps);
      const told = done?.act === 'move' && { done: { ...done, mayUndo: false as const } };
      ctx.page('account/new-phone', { ...accountPage(here, deps), methods, ...told });
    }),
  );

  profilePages(router, deps);

  async function framed(ctx: Context, here: Here) {
    const done = await doneIn(ctx, here, deps);
    return { ...accountPage(here, deps), ...(done && isEnded(done) && { done }) };
  }
}

function profilePages(router: Router, deps: MorePagesDeps): void {
  const { seen, csrf, visitOf } = deps;
  const { available } = deps.languages;
  const choose = createChooseLanguage(deps);
  const Chosen = z.object({ language: z.enum(['', ...available]) });

  router.get('/profile', (ctx) =>
    seen(ctx, 'profile', async (here) => {
      const isSaved = ctx.query.saved !== undefined;
      const said = profileOf(here.account, available);
      ctx.page('account/profile', { ...accountPage(here, deps), ...said, isSaved });
    }),
  );

  router.post('/profile', readForm, (ctx) =>
    seen(ctx, 'profile', async ({ account, session }) => {
      await csrf.check(() => session)(ctx, async () => undefined);
      const { language } = Chosen.parse(formOf(ctx));
      const { from } = visitOf(ctx);
      await choose({ account: account._id, language: language || undefined, from });
      // In this browser, pages follow at once.
      keepWish(ctx, language);
      ctx.status = 303;
      ctx.redirect('/account/profile?saved');
    }),
  );
}
