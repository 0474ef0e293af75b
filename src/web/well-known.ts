/**
 * Addresses at which browsers and password managers look for a page of ours (W3C "A Well-Known URL
 * for Changing Passwords", "Passkey Endpoints").
 */
import Router from '@koa/router';

export function wellKnown(issuer: string) {
  const manage = `${issuer}/account/security-info`;
  const router = new Router({ prefix: '/.well-known' });
  router.get('/change-password', (ctx) => {
    ctx.status = 303;
    ctx.redirect('/account/password');
  });
  router.get('/passkey-endpoints', (ctx) => {
    ctx.body = { enroll: manage, manage };
  });
  return router.routes();
}
