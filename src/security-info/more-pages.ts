/**
 * The pages of "My account" beside Security info: what else somebody may look at.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';

import type { RequestContext } from '../flow/request-context.ts';
import type { Csrf } from '../web/csrf.ts';
import { formOf, readForm } from '../web/forms.ts';
import { keepWish } from '../web/language-wishes.ts';
import type { Here } from './here.ts';
import { createChooseLanguage, type LanguageDeps, profileOf } from './profile.ts';
import { accountPage } from './security-info.ts';

export interface MorePagesDeps extends LanguageDeps {
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
  profilePages(router, deps);
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
