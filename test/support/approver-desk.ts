/**
 * The language of stories about the approver: the page that phones get, served as the product
 * serves it, an API that is played, and phones that open it.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { expect } from 'chai';
import Koa from 'koa';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { createShell } from '../../src/approver/shell.ts';
import { createAssets } from '../../src/web/assets.ts';
import { securityHeaders } from '../../src/web/headers.ts';
import { loadLanguages } from '../../src/web/language.ts';
import { createPages } from '../../src/web/page.ts';
import { loadTemplates } from '../../src/web/templates.ts';
import { theBrowser } from './chromium.ts';
import { createFakeApproverApi } from './fake-approver-api.ts';

const STORY_MILLISECONDS = 60_000;
const PHONE = { width: 390, height: 844 };

export type Phone = ReturnType<typeof createPhone>;

interface PhoneOptions extends BrowserContextOptions {
  /** Its time can be moved. */
  readonly hasClock?: boolean;
}

export function openApproverDesk(played: Parameters<typeof createFakeApproverApi>[0] = {}) {
  let browser: Browser;
  let served: Awaited<ReturnType<typeof serve>>;
  let profiles: BrowserContext[] = [];
  let complaints: string[] = [];

  before(async function () {
    this.timeout(STORY_MILLISECONDS);
    const found = await theBrowser();
    if (!found) this.skip();
    browser = found;
  });

  beforeEach(async function () {
    this.currentTest?.timeout(STORY_MILLISECONDS);
    served = await serve(played);
    complaints = [];
  });

  afterEach(async () => {
    await Promise.all(profiles.map((profile) => profile.close()));
    profiles = [];
    await served.close();
    expect(complaints, 'what the browser complained about').to.deep.equal([]);
  });

  return {
    get api() {
      return served.api;
    },
    get origin() {
      return served.origin;
    },

    /** Somebody's phone, opened for the first time. */
    async phone(more: PhoneOptions = {}, at = '/approver'): Promise<Phone> {
      const { hasClock = false, ...options } = more;
      const profile = await browser.newContext({
        locale: 'en-GB',
        reducedMotion: 'reduce',
        viewport: PHONE,
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      });
      profiles.push(profile);
      profile.on('weberror', (error) => complaints.push(error.error().message));
      profile.on('console', (message) => {
        const isRefusal = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
      });
      const page = await profile.newPage();
      if (hasClock) await page.clock.install();
      await page.goto(served.origin + at);
      return createPhone(page, served);
    },
  };
}

function createPhone(page: Page, { api, origin }: Awaited<ReturnType<typeof serve>>) {
  const request = page.locator('.request');
  const outcome = page.locator('.outcome h2');

  return {
    page,
    request,
    reads: async (): Promise<string> =>
      (await page.locator('main').innerText()).replaceAll(/\s+/g, ' '),
    /** By the address that the phone's own camera app found in a QR code. */
    async follows(code: string): Promise<void> {
      await page.goto('about:blank');
      await page.goto(`${origin}/approver#${code}`);
    },
    async types(code: string): Promise<void> {
      await page.getByLabel('Code', { exact: true }).fill(code);
      await page.getByRole('button', { name: 'Pair with this code' }).click();
    },
    /** Waits until these words are seen. */
    sees: (words: string) => page.getByText(words).locator('visible=true').first().waitFor(),
    presses: (name: string) => page.getByRole('button', { name, exact: true }).click(),
    async approves(number: string): Promise<void> {
      await request.getByLabel('Number on the sign-in page').fill(number);
      await request.getByRole('button', { name: 'Approve' }).click();
    },
    /** What came of it, once that is known. */
    async hears(): Promise<string> {
      await outcome.first().waitFor();
      return outcome.first().innerText();
    },
    /** The whole way to a phone that works. */
    async pairs(account: string): Promise<void> {
      const code = api.offersCode(account);
      if (await page.getByRole('button', { name: 'Pair another account' }).isVisible()) {
        await page.getByRole('button', { name: 'Pair another account' }).click();
      }
      await page.getByLabel('Code', { exact: true }).fill(code);
      await page.getByRole('button', { name: 'Pair with this code' }).click();
      await page.locator('.outcome', { hasText: 'This phone is paired' }).waitFor();
      await api.isHeard();
      api.asks(account, { number: '42', purpose: 'enrol' });
      await request.waitFor();
      await this.approves('42');
      await page.locator('.outcome', { hasText: 'This phone is set up' }).waitFor();
      await page.getByRole('button', { name: 'OK' }).click();
    },
    /** Until that is so, its time passes quickly: it waits longer and longer for a server. */
    async until(isSo: () => Promise<boolean> | boolean): Promise<void> {
      while (!(await isSo())) await page.clock.fastForward(500);
    },
    isSeen: (words: string) => page.getByText(words).locator('visible=true').first().isVisible(),
    async isIdle(): Promise<void> {
      await this.sees('Nothing to approve');
    },
  };
}

/** The shell as the product serves it, before an API that is played. */
async function serve(options: Parameters<typeof createFakeApproverApi>[0]) {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  const api = createFakeApproverApi(options);
  const organisation = { name: 'Doorstep', accent: '#1f5fbf' };
  const languages = loadLanguages('views/words');
  const module = (name: string): string => join('node_modules', 'qr', name);
  const assets = createAssets({
    directory: 'views/assets',
    accent: organisation.accent,
    others: {
      'approver/qr/decode.js': module('decode.js'),
      'approver/qr/index.js': module('index.js'),
    },
  });
  const templates = loadTemplates('views');
  const app = new Koa();
  app.silent = true;
  for (const middleware of [
    securityHeaders(origin),
    createPages({ templates, languages, organisation, asset: assets.href }).middleware,
    assets.middleware,
    createShell({ assets, languages, organisation }),
    api.middleware,
  ]) {
    app.use(middleware);
  }
  const handle = app.callback();
  server.on('request', (req, res) => void handle(req, res));

  return {
    api,
    origin,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
