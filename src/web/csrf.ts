/**
 * Keeps other sites from posting our forms: what the browser says of the origin first, then a
 * token in the form. The token is bound to what the form is for, such as a flow's uid,
 * whose cookie is checked elsewhere; nothing has to be stored for it.
 */
import type { Context, Middleware } from 'koa';

import type { Crypt } from '../lib/crypt.ts';
import { Problem } from '../lib/problem.ts';
import { formOf } from './forms.ts';

export type Csrf = ReturnType<typeof createCsrf>;

export interface CsrfDeps {
  readonly crypt: Pick<Crypt, 'digest' | 'matches'>;
  readonly issuer: string;
}

const CONTEXT = 'csrf';

export function createCsrf({ crypt, issuer }: CsrfDeps) {
  const { origin } = new URL(issuer);

  return {
    /** Enough for a form that everybody may read and that changes nothing of worth. */
    checkOrigin: (async (ctx, next) => {
      if (!isFromHere(ctx)) throw new Problem('csrf');
      await next();
    }) satisfies Middleware,

    /** For the hidden field `_csrf` of a form. */
    token: (binding: string): string => crypt.digest(binding, CONTEXT),

    /** Refuses forms from elsewhere; needs `readForm` before it. */
    check:
      (bindingOf: (ctx: Context) => string): Middleware =>
      async (ctx, next) => {
        if (ctx.method === 'POST' && !(isFromHere(ctx) && hasToken(ctx, bindingOf(ctx)))) {
          throw new Problem('csrf');
        }
        await next();
      },
  };

  /** Old browsers send neither header; the token alone decides then. */
  function isFromHere(ctx: Context): boolean {
    const site = ctx.get('Sec-Fetch-Site');
    if (site) return site === 'same-origin';
    const sent = ctx.get('Origin');
    return sent === '' || sent === origin;
  }

  function hasToken(ctx: Context, binding: string): boolean {
    return crypt.matches(binding, CONTEXT, formOf(ctx)._csrf ?? '');
  }
}
