/**
 * The files of views/assets/, and the organisation's colours among them: read once, served
 * from memory by exact name, so that no path can lead anywhere else.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

import type { Context, Middleware } from 'koa';

import { brandCss } from './accent.ts';

interface Asset {
  readonly type: string;
  readonly body: Buffer;
  readonly hash: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export function createAssets({ directory, accent }: { directory: string; accent: string }) {
  const assets = new Map<string, Asset>();
  for (const name of readdirSync(directory)) add(name, readFileSync(join(directory, name)));
  add('brand.css', Buffer.from(brandCss(accent)));

  function add(name: string, body: Buffer): void {
    const type = TYPES[extname(name)];
    if (!type) throw new Error(`No media type for views/assets/${name}`);
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16);
    assets.set(name, { type, body, hash });
  }

  /** Where a view finds a file; its address changes with its content. */
  function href(name: string): string {
    const asset = assets.get(name);
    if (!asset) throw new Error(`No file views/assets/${name}`);
    return `/assets/${name}?v=${asset.hash}`;
  }

  const middleware: Middleware = async (ctx, next) => {
    const name = /^\/assets\/([^/]+)$/.exec(ctx.path)?.[1];
    const asset = name !== undefined && isRead(ctx) ? assets.get(name) : undefined;
    if (!asset) {
      await next();
      return;
    }
    const isThisVersion = ctx.query.v === asset.hash;
    ctx.set('Cache-Control', isThisVersion ? 'public, max-age=31536000, immutable' : 'no-cache');
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.etag = asset.hash;
    ctx.type = asset.type;
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = asset.body;
  };

  return { href, middleware };
}

const isRead = ({ method }: Context): boolean => method === 'GET' || method === 'HEAD';
