/**
 * What a phone installs: the page, its manifest, and the worker that keeps the page for times
 * without a connection. What the page asks of the server afterwards is not served here.
 *
 * Why so: the worker carries a version made of everything that it keeps, the page's language
 * included, so that whatever changes reaches the phones as one piece. For the same reason the
 * page has no picker: it follows the language chosen on other pages as it follows any change.
 */
import { createHash } from 'node:crypto';

import Router from '@koa/router';
import type { Context } from 'koa';

import type { Assets } from '../web/assets.ts';
import type { Languages } from '../web/language.ts';
import { wishesOf } from '../web/language-wishes.ts';
import './pages.ts';

export interface ShellDeps {
  readonly assets: Pick<Assets, 'href' | 'names' | 'read'>;
  readonly languages: Languages;
  readonly organisation: { readonly name: string; readonly accent: string };
}

const AT = '/approver';
const WORKER = 'approver/worker.js';
/** What the page needs offline; pairing needs the server anyway, so its decoder is not kept. */
const KEPT =
  /^(?:style\.css|brand\.css|approver\.css|favicon\.svg|approver\/(?!worker\.js)[a-z-]+\.js)$/;

export function createShell({ assets, languages, organisation }: ShellDeps) {
  const { accent } = organisation;
  const worker = assets.read(WORKER).toString();
  const files = assets.names().filter((name) => KEPT.test(name));
  const addresses = files.map(assets.href).join(' ');
  const ground = groundIn(assets.read('style.css').toString());
  const router = new Router();

  router.get(AT, show);

  router.get(`${AT}/manifest.webmanifest`, (ctx) => {
    const { t, locale } = languages.choose(wishesOf(ctx));
    const title = t('approver/app.title');
    ctx.body = JSON.stringify({
      id: AT,
      name: `${title} – ${organisation.name}`,
      short_name: title,
      lang: locale,
      ...{ start_url: AT, scope: AT, display: 'standalone' },
      ...{ theme_color: accent, background_color: ground },
      icons: [
        icon('icon-192.png', { type: 'image/png', sizes: '192x192' }),
        icon('icon-512.png', { type: 'image/png', sizes: '512x512' }),
        icon('icon-maskable-512.png', {
          type: 'image/png',
          sizes: '512x512',
          purpose: 'maskable',
        }),
        icon('icon.svg', { type: 'image/svg+xml', sizes: 'any' }),
      ],
    });
    ctx.type = 'application/manifest+json';
    askAgain(ctx);
  });

  router.get(`${AT}/worker.js`, (ctx) => {
    show(ctx);
    const policy = ctx.response.get('Content-Security-Policy');
    const shell = {
      version: versionOf(String(ctx.body), policy, worker, addresses),
      page: AT,
      files: files.map((name) => `/assets/${name}`),
    };
    ctx.body = `const shell = ${JSON.stringify(shell)};\n${worker}`;
    ctx.type = 'text/javascript; charset=utf-8';
    // It lies below what it is for.
    ctx.set('Service-Worker-Allowed', AT);
    askAgain(ctx);
  });

  function show(ctx: Context): void {
    ctx.page('approver/app', { accent });
  }

  const icon = (name: string, about: Readonly<Record<string, string>>) => ({
    src: assets.href(`approver/${name}`),
    ...about,
  });

  return router.routes();
}

/** The colour that an app has while it starts: that of its pages, by day. */
function groundIn(style: string): string {
  const [, ground] = /--ground: (#[\da-f]{6});/.exec(style) ?? [];
  if (ground === undefined) throw new Error('style.css names no --ground');
  return ground;
}

/** Both differ by language, also by the one that was chosen. */
function askAgain(ctx: Context): void {
  ctx.set('Cache-Control', 'no-cache');
  ctx.vary(['Accept-Language', 'Cookie']);
}

const versionOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('base64url').slice(0, 16);
