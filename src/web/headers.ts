/**
 * Security headers of every answer.
 *
 * Why so: oidc-provider's own pages submit themselves by an inline script, whose hash it adds
 * to the policy only if the header is there before and names `script-src`.
 */
import type { Context, Middleware } from 'koa';

const CSP = 'Content-Security-Policy';
const YEAR_SECONDS = 365 * 24 * 60 * 60;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // Logos of apps are wherever the apps are; QR codes are data.
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join(';');

/** The page that phones install, and no other, has a manifest and a worker. */
const installed = /^\/approver(?:\/|$)/i;
const installable = `${policy};manifest-src 'self';worker-src 'self'`;

/** Apps open these in a popup, or people come to them there, and the opener must stay. */
const popups = /^\/(?:auth|sign-in|session|help|language)(?:\/|$)/i;

export function securityHeaders(issuer: string): Middleware {
  const isHttps = new URL(issuer).protocol === 'https:';

  return async (ctx, next) => {
    ctx.set({
      [CSP]: installed.test(ctx.path) ? installable : policy,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // With no-referrer, browsers send `Origin: null` with our own forms.
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    if (isHttps) ctx.set('Strict-Transport-Security', `max-age=${YEAR_SECONDS}; includeSubDomains`);
    if (!popups.test(ctx.path)) ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    await next();
  };
}

/** For the one page whose form is an app's, and leads wherever that app does. */
export const dropFormAction = (ctx: Context): void => drop(ctx, 'form-action');

/** For a page that leads on by itself, where an app asks without showing anything. */
export const letBeFramed = (ctx: Context): void => drop(ctx, 'frame-ancestors');

function drop(ctx: Context, name: string): void {
  const directives = ctx.response.get(CSP).split(';');
  ctx.set(CSP, directives.filter((directive) => !directive.startsWith(name)).join(';'));
}
