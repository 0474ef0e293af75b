/**
 * The web side of the handset: takes texts as a carrier would, and shows the phone.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';

import Router from '@koa/router';
import Koa from 'koa';

import { demoPeople, ISSUER_NAME } from '../demo-people.ts';
import { codeOf, readEntry } from './authenticator.ts';
import { type Entry, type Store, Text } from './store.ts';

const files = {
  '/': ['page.html', 'text/html; charset=utf-8'],
  '/phone.css': ['phone.css', 'text/css; charset=utf-8'],
  '/phone.js': ['phone.js', 'text/javascript; charset=utf-8'],
} as const;

const MOST_BYTES = 16 * 1024;

export interface HandsetDeps {
  readonly store: Store;
  /** Whose approver the phones open. */
  readonly issuer: string;
  readonly now?: () => Date;
}

export function createHandset({ store, issuer, now = () => new Date() }: HandsetDeps): Koa {
  const phones = phonesOf(issuer);
  const router = new Router();
  for (const [path, [file, type]] of Object.entries(files)) {
    const content = readFileSync(new URL(file, import.meta.url));
    router.get(path, (ctx) => {
      ctx.type = type;
      ctx.body = content;
    });
  }

  router.get('/state', (ctx) => {
    ctx.body = { ...stateOf(store, now()), phones };
  });

  router.post('/sms', async (ctx) => {
    const message = Text.safeParse(await readJson(ctx.req));
    if (!message.success) return ctx.throw(400);
    store.addText(message.data, now());
    ctx.status = 202;
  });

  router.post('/authenticator', async (ctx) => {
    const { pasted } = (await readJson(ctx.req)) as { pasted?: unknown };
    const entry = typeof pasted === 'string' ? readEntry(pasted) : undefined;
    if (!entry) return ctx.throw(422);
    store.addEntry({ ...entry, id: randomUUID() });
    ctx.status = 204;
  });

  router.delete('/authenticator/:id', (ctx) => {
    store.removeEntry(ctx.params.id ?? '');
    ctx.status = 204;
  });

  const app = new Koa();
  app.use(onlyOurselves);
  app.use(router.routes());
  return app;
}

/**
 * Other websites can make a browser call loopback: without a form of their own (JSON is not
 * one) and under our own name only (a foreign name may point here), they get nothing.
 */
async function onlyOurselves(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  if (!['127.0.0.1', 'localhost'].includes(ctx.hostname)) return ctx.throw(400);
  if (ctx.method === 'POST' && !ctx.is('json')) return ctx.throw(415);
  ctx.set('Content-Security-Policy', "default-src 'self'; img-src data:; frame-ancestors 'none'");
  ctx.set('Cache-Control', 'no-store');
  await next();
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const length = Number(request.headers['content-length'] ?? MOST_BYTES + 1);
  if (length > MOST_BYTES) return {};
  try {
    return JSON.parse(await readText(request));
  } catch {
    return {};
  }
}

/** What the page shows, codes included; it asks once a second. */
function stateOf(store: Store, now: Date): object {
  const { texts, mails, entries } = store.all();
  return {
    texts: texts.map(({ purpose: _, ...text }) => ({
      ...text,
      owner: demoPeople.find(({ phone }) => phone?.number === text.to)?.givenName,
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

/** Every person has a phone, and with it an approver of their own, whatever else is set up. */
const phonesOf = (issuer: string): readonly object[] =>
  demoPeople.map(({ username, givenName, phone }) => ({
    owner: givenName,
    ...(phone && { number: phone.number }),
    approver: `${issuer}/approver?phone=${username}`,
  }));

const demoEntries: readonly Entry[] = demoPeople.flatMap(({ username, seed }) =>
  seed ? [{ id: username, issuer: ISSUER_NAME, account: username, seed }] : [],
);
