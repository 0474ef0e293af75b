/**
 * The web side of the handset: takes texts and calls as a carrier would, and shows the phone.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

import Router from '@koa/router';
import Koa from 'koa';
import { z } from 'zod';

import { demoPeople, ISSUER_NAME } from '../demo-people.ts';
import { type AuthenticatorEntry, codeOf } from './authenticator.ts';
import { callRoutes } from './call-routes.ts';
import type { Calls } from './calls.ts';
import { readPasted } from './pasted.ts';
import { phoneOf, phonesOf } from './phones.ts';
import { readJson } from './read-json.ts';
import { type Entry, type Store, Text } from './store.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const files: Readonly<Record<string, string>> = {
  '/': here('page.html'),
  '/phone.css': here('phone.css'),
  '/call.css': here('call.css'),
  ...Object.fromEntries(
    ['phone', 'element', 'cards', 'take', 'sight', 'call', 'call-screen', 'sound'].map((name) => [
      `/${name}.js`,
      here(`${name}.js`),
    ]),
  ),
  '/qr/decode.js': fileURLToPath(import.meta.resolve('qr/decode.js')),
  '/qr/index.js': fileURLToPath(import.meta.resolve('qr')),
};

const Given = z.object({ pasted: z.string(), isForPairing: z.boolean() });

export interface HandsetDeps {
  readonly store: Store;
  readonly calls: Calls;
  /** Whose approval app the phones open. */
  readonly issuer: string;
  readonly now?: () => Date;
}

export function createHandset({ store, calls, issuer, now = () => new Date() }: HandsetDeps): Koa {
  const phones = phonesOf(issuer);
  const router = new Router();
  for (const [path, file] of Object.entries(files)) {
    const content = readFileSync(file);
    router.get(path, (ctx) => {
      ctx.type = extname(file);
      ctx.body = content;
    });
  }

  router.get('/state', (ctx) => {
    ctx.body = { ...stateOf(store, now()), calls: calls.all().map(shownCall), phones };
  });

  router.post('/sms', async (ctx) => {
    const message = Text.safeParse(await readJson(ctx.req));
    if (!message.success) return ctx.throw(400);
    store.addText(message.data, now());
    ctx.status = 202;
  });

  router.post('/read', async (ctx) => {
    const asked = Given.safeParse(await readJson(ctx.req));
    const pasted = asked.data && readPasted(asked.data.pasted, { ...asked.data, issuer });
    if (!pasted) return ctx.throw(422);
    ctx.body = 'entry' in pasted ? { entry: add(pasted.entry) } : pasted;
  });

  router.delete('/authenticator/:id', (ctx) => {
    store.removeEntry(ctx.params.id ?? '');
    ctx.status = 204;
  });

  const app = new Koa();
  app.use(onlyOurselves);
  app.use(router.routes());
  app.use(callRoutes(calls).routes());
  return app;

  function add({ issuer, account, seed }: AuthenticatorEntry): Omit<Entry, 'seed'> {
    const id = randomUUID();
    store.addEntry({ id, issuer, account, seed });
    return { id, issuer, account };
  }
}

/**
 * Other websites can make a browser call loopback: without a form of their own (JSON is not
 * one) and under our own name only (a foreign name may point here), they get nothing.
 */
async function onlyOurselves(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  if (!['127.0.0.1', 'localhost'].includes(ctx.hostname)) return ctx.throw(400);
  if (ctx.method === 'POST' && !ctx.is('json')) return ctx.throw(415);
  ctx.set(
    'Content-Security-Policy',
    "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'",
  );
  ctx.set('Cache-Control', 'no-store');
  await next();
}

/** What the page shows, codes included; it asks once a second. */
function stateOf(store: Store, now: Date): object {
  const { texts, mails, entries } = store.all();
  return {
    texts: texts.map(({ purpose: _, ...text }) => ({
      ...text,
      owner: phoneOf(text.to)?.owner,
      code: /\b\d{6,10}\b/.exec(text.text)?.[0],
    })),
    mails: mails.map((mail) => ({ ...mail, code: /\b\d{6,10}\b/.exec(mail.text)?.[0] })),
    entries: [...entries, ...demoEntries].map(({ seed, ...entry }) => ({
      ...entry,
      ...codeOf({ ...entry, seed }, now),
      isDemo: demoEntries.some(({ id }) => id === entry.id),
    })),
    papers: demoPeople
      .filter(({ recoveryCodes }) => recoveryCodes)
      .map(({ givenName, recoveryCodes }) => ({ owner: givenName, codes: recoveryCodes })),
  };
}

const shownCall = (call: ReturnType<Calls['all']>[number]): object => ({
  ...call,
  ...phoneOf(call.to),
});

const demoEntries: readonly Entry[] = demoPeople.flatMap(({ username, seed }) =>
  seed ? [{ id: username, issuer: ISSUER_NAME, account: username, seed }] : [],
);
