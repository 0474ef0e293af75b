/**
 * The languages that a request wishes for, the dearest first: what was chosen on a page of ours,
 * what the app asks for, what the browser says. What was chosen is kept in a cookie of its own,
 * which is no secret: any value that is no language of ours is a wish that cannot be met.
 */
import type { Context } from 'koa';

// 400 days is the longest that browsers keep a cookie.
const KEPT_MILLISECONDS = 400 * 24 * 60 * 60 * 1000;

export const wishesOf = (ctx: Context): string[] => [
  ctx.cookies.get(cookieOf(ctx), { signed: false }) ?? '',
  ...(ctx.uiLocales ?? '').split(' '),
  ...ctx.acceptsLanguages(),
];

export function keepWish(ctx: Context, locale: string): void {
  ctx.cookies.set(cookieOf(ctx), locale, {
    signed: false,
    httpOnly: true,
    sameSite: 'lax',
    secure: ctx.secure,
    path: '/',
    maxAge: KEPT_MILLISECONDS,
    overwrite: true,
  });
}

const cookieOf = ({ secure }: Context): string => (secure ? '__Host-language' : 'language');
