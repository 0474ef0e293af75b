/**
 * The files of views/assets/, and the organisation's colours among them: read once, served
 * from memory by exact name, so that no path can lead anywhere else.
 *
 * Why so: modules import each other by relative names, without the hash of the content, so
 * browsers ask for them anew each time and are told by the ETag that nothing changed.
 */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
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
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
};

export type Assets = ReturnType<typeof createAssets>;

export interface AssetsDeps {
  readonly directory: string;
  readonly accent: string;
  /** Files of packages that browsers get as well: the name below /assets/, and where it lies. */
  readonly others?: Readonly<Record<string, string>>;
}

export function createAssets({ directory, accent, others = {} }: AssetsDeps) {
  const assets = new Map<string, Asset>();
  for (const path of globSync('**/*.*', { cwd: directory })) {
    const file = join(directory, path);
    if (statSync(file).isFile()) add(path.replaceAll('\\', '/'), readFileSync(file));
  }
  for (const [name, file] of Object.entries(others)) add(name, readFileSync(file));
  add('brand.css', Buffer.from(brandCss(accent)));

  function add(name: string, body: Buffer): void {
    const type = TYPES[extname(name)];
    if (!type) throw new Error(`No media type for views/assets/${name}`);
    const hash = createHash('sha256').update(body).digest('base64url').slice(0, 16);
    assets.set(name, { type, body, hash });
  }

  /** Where a view finds a file; its address changes with its content. */
  const href = (name: string): string => `/assets/${name}?v=${find(name).hash}`;

  function find(name: string): Asset {
    const asset = assets.get(name);
    if (!asset) throw new Error(`No file views/assets/${name}`);
    return asset;
  }

  const middleware: Middleware = async (ctx, next) => {
    const name = /^\/assets\/(.+)$/.exec(ctx.path)?.[1];
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

  return {
    href,
    middleware,
    /** What is in a file, for whoever serves it at an address of its own. */
    read: (name: string): Buffer => find(name).body,
    names: (): readonly string[] => [...assets.keys()],
  };
}

const isRead = ({ method }: Context): boolean => method === 'GET' || method === 'HEAD';
