/**
 * The language of stories about the demo: its app and its handset as they are, a Doorstep that
 * answers at once, and somebody at a browser.
 */
import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { createDemoApp } from '../../scripts/demo-app/server.ts';
import { createCalls } from '../../scripts/handset/calls.ts';
import { createHandset } from '../../scripts/handset/server.ts';
import { createStore } from '../../scripts/handset/store.ts';
import { CALLBACK_SECRET } from './carrier.ts';
import { theBrowser } from './chromium.ts';
import { createFakeSignIn } from './fake-sign-in.ts';

const STORY_MILLISECONDS = 60_000;

export function openDemoDesk() {
  let browser: Browser;
  let demo: Awaited<ReturnType<typeof openDemo>>;
  let profile: BrowserContext;
  let complaints: string[] = [];

  before(async function () {
    this.timeout(STORY_MILLISECONDS);
    const found = await theBrowser();
    if (!found) this.skip();
    browser = found;
  });

  beforeEach(async function () {
    this.currentTest?.timeout(STORY_MILLISECONDS);
    demo = await openDemo();
    complaints = [];
  });

  afterEach(async () => {
    await profile.close();
    await demo.close();
    expect(complaints, 'what the browser complained about').to.deep.equal([]);
  });

  async function opens(at: string, options: BrowserContextOptions = {}): Promise<Page> {
    profile = await browser.newContext({
      ...{ locale: 'en-GB', reducedMotion: 'reduce' },
      ...{ permissions: ['clipboard-read', 'clipboard-write'], ...options },
    });
    profile.on('weberror', (error) => complaints.push(error.error().message));
    profile.on('console', (message) => {
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
    });
    const page = await profile.newPage();
    await page.goto(at);
    return page;
  }

  return {
    get demo() {
      return demo;
    },
    opensApp: (options?: BrowserContextOptions) => opens(demo.app, options),

    /** With everybody's cards on it. */
    async opensHandset(options?: BrowserContextOptions): Promise<Page> {
      const page = await opens(demo.handset, options);
      await page.locator('[data-phone="dora"]').waitFor();
      return page;
    },
  };
}

async function openDemo() {
  const servers = [createServer(), createServer()].map((server) => server.listen(0, '127.0.0.1'));
  const [app = '', handset = ''] = await Promise.all(servers.map(originOf));
  const fake = createFakeSignIn({ authorize: `${app}/callback`, name: 'Ada Ekberg' });
  const apps = { demo: async () => fake.signIn, partner: async () => fake.signIn };
  const store = createStore();
  const calls = createCalls({ store, issuer: handset, secret: CALLBACK_SECRET });
  const handles = [
    createDemoApp({ origin: app, handset, apps }).callback(),
    createHandset({ store, calls, issuer: handset }).callback(),
  ];
  servers.forEach((server, index) => {
    server.on('request', (request, response) => void handles[index]?.(request, response));
  });
  return { app, handset, fake, store, close: () => Promise.all(servers.map(close)) };
}

async function originOf(server: Server): Promise<string> {
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
