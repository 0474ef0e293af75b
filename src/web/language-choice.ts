/**
 * Where the foot of every page sends the language that somebody chooses there; it leads back to
 * the page they chose it on, and nowhere but to a page of ours.
 */
import Router from '@koa/router';
import { z } from 'zod';

import type { Csrf } from './csrf.ts';
import { formOf, readForm } from './forms.ts';
import { keepWish } from './language-wishes.ts';

export interface LanguageChoiceDeps {
  readonly available: readonly string[];
  readonly csrf: Pick<Csrf, 'checkOrigin'>;
  readonly issuer: string;
}

export function languageChoice({ available, csrf, issuer }: LanguageChoiceDeps) {
  const { origin } = new URL(issuer);
  const Chosen = z.object({
    language: z.enum(available),
    back: z
      .string()
      .startsWith('/')
      // Browsers read `/\name` and `//name` as another origin, and so does this.
      .transform((path) => URL.parse(path, origin))
      .refine((url) => url?.origin === origin),
  });
  const router = new Router();

  router.post('/language', readForm, csrf.checkOrigin, (ctx) => {
    const { language, back } = Chosen.parse(formOf(ctx));
    keepWish(ctx, language);
    ctx.status = 303;
    // With its origin: of `/.//name`, what is left is a path that alone would be another's.
    ctx.redirect(back?.href ?? origin);
  });

  return router.routes();
}
