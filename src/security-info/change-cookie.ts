/**
 * In which browser a change was begun.
 */
import type { Context } from 'koa';

export type ChangeCookie = ReturnType<typeof createChangeCookie>;

export function createChangeCookie({ isSecure }: { readonly isSecure: boolean }) {
  const name = isSecure ? '__Secure-change' : 'change';
  return {
    isHeld: (ctx: Context, uid: string): boolean => ctx.cookies.get(name, { signed: true }) === uid,

    give(ctx: Context, uid: string, path: string): void {
      ctx.cookies.set(name, uid, {
        ...{ signed: true, httpOnly: true, sameSite: 'lax', secure: isSecure, overwrite: true },
        path: `${path}/${uid}`,
      });
    },
  };
}
