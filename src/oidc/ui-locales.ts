/**
 * The languages that an app wishes for, on pages that come before or after a sign-in: errors of
 * `/auth`, and signing out (RP-Initiated Logout §2). Those of a sign-in know them from its flow.
 * Belongs around the provider.
 */
import type { Context, Middleware } from 'koa';

export const speakAsAsked: Middleware = async (ctx, next) => {
  speakAs(ctx, ctx.query.ui_locales);
  await next();
};

/** For wishes that stand elsewhere: in a pushed request, or in our own form. */
export function speakAs(ctx: Context, wish: unknown): void {
  if (typeof wish === 'string') ctx.uiLocales ??= wish;
}
