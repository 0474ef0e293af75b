/**
 * The language of stories about clients that nobody here wrote: a house, the client beside it,
 * and people who come to it with a browser. Real clocks only, because clients have no other.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import type { Browser, BrowserContext, Page } from 'playwright-core';

import { theBrowser } from './chromium.ts';
import type { House } from './house.ts';
import { click, fillIn } from './in-page.ts';
import { appCode, people } from './people.ts';
import { recordsOf } from './records.ts';

export const MFA = 'urn:doorstep:acr:mfa';

const STEP_SECONDS = 30;
const READY_WITHIN_MS = 30_000;
const { username, password, seed } = people.ada;

/** What a client was started with, or what it is signed in to. */
export interface Open {
  close(): Promise<void>;
}

export interface AtIssuer extends Open {
  readonly issuer: string;
}

export interface AtOrigin extends Open {
  readonly origin: string;
}

/** For a `describe` block: opens the product, then the client, and closes both. */
export function openBeside<Product extends AtIssuer, App extends AtOrigin>(
  openHouse: () => Promise<Product>,
  openApp: (house: Product) => Promise<App>,
) {
  let browser: Browser;
  let house: Product;
  let app: App;
  let profiles: BrowserContext[] = [];
  const opened: Open[] = [];
  const codes = codesInOrder();

  before(async function () {
    this.timeout(4 * READY_WITHIN_MS);
    const found = await theBrowser();
    if (!found) this.skip();
    browser = found;
    opened.unshift((house = await openHouse()));
    opened.unshift((app = await openApp(house)));
  });
  afterEach(async () => {
    await Promise.all(profiles.map((profile) => profile.close()));
    profiles = [];
  });
  after(async () => {
    for (const each of opened) await each.close();
  });

  return {
    get house(): Product {
      return house;
    },
    get app(): App {
      return app;
    },
    /** Ada, at a browser that was never here. */
    async ada() {
      const profile = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
      profiles.push(profile);
      return createCustomer(await profile.newPage(), { house, app, codes });
    },
  };
}

interface Where {
  readonly house: AtIssuer;
  readonly app: AtOrigin;
  readonly codes: () => string;
}

export type Customer = ReturnType<typeof createCustomer>;

function createCustomer(page: Page, { house, app, codes }: Where) {
  /** Fills in what Doorstep asks until it asks no more; says what had to be proved. */
  async function answersAll(): Promise<string[]> {
    const proved: string[] = [];
    for (;;) {
      await arrives();
      if (!page.url().startsWith(`${house.issuer}/`)) return proved;
      const name = await page.evaluate<string>("document.querySelector('main')?.dataset.page");
      if (name === 'sign-out/done') return proved;
      const answer = answers[name];
      if (!answer) throw new Error(`nobody knows what to say on ${name} at ${page.url()}`);
      const [, method] = /^methods\/(.+)\/answer$/.exec(name) ?? [];
      if (method !== undefined) proved.push(method);
      await Promise.all([page.waitForEvent('load'), answer()]);
    }
  }

  /** Waits while a page only leads to the next one, as those of some clients do. */
  async function arrives(): Promise<void> {
    for (;;) {
      // Asked in the middle of that, there is no page to ask.
      const goesOn = await page
        .evaluate<boolean>("document.querySelector('meta[http-equiv=refresh i]') !== null")
        .catch(() => true);
      if (!goesOn) return;
      await pause(20);
    }
  }

  const form = 'form[data-step]';
  const press = (button = ''): Promise<void> =>
    click(page, `${form} button:not([type="button"])${button}`);
  const fill = async (field: string, value: string): Promise<void> => {
    await fillIn(page, `${form} [name="${field}"]`, value);
    await press();
  };
  const answers: Readonly<Record<string, () => Promise<void>>> = {
    'sign-in/identify': () => fill('identifier', username),
    'methods/password/answer': () => fill('password', password),
    'methods/code/answer': () => fill('code', codes()),
    'sign-in/pick-account': () => press(),
    'sign-in/consent': () => press(),
    'sign-out/confirm': () => press(),
  };

  return {
    page,
    answersAll,

    /** Goes to a page of the client, and signs in if that leads there. */
    async visits(path: string): Promise<string[]> {
      await page.goto(new URL(path, app.origin).href);
      return answersAll();
    },

    /** What the client's page says, or another of its addresses. */
    reads: (): Promise<string> => page.evaluate('document.body.innerText'),
    async fetches<Told>(path: string): Promise<Told> {
      const [told] = await this.fetchesAtOnce<Told>(path, 1);
      return told as Told;
    },

    /** The same, so often at the same moment, from a page of the client; each must be well. */
    fetchesAtOnce: <Told>(path: string, count: number): Promise<Told[]> =>
      page.evaluate(`Promise.all(Array.from({ length: ${count} }, async () => {
        const answer = await fetch(${JSON.stringify(path)}, { redirect: 'manual' });
        if (!answer.ok) throw new Error(answer.type + ' ' + answer.status);
        const text = await answer.text();
        return text.startsWith('{') ? JSON.parse(text) : text;
      }))`),
  };
}

/** Codes of Ada's app that are all good now, each once: an app shows only the middle one. */
function codesInOrder(): () => string {
  let last = 0;
  return () => {
    const now = Math.floor(Date.now() / 1000 / STEP_SECONDS);
    last = Math.max(last + 1, now - 1);
    return appCode(seed, new Date(last * STEP_SECONDS * 1000));
  };
}

/** How many access tokens were issued so far: a client that says "refreshed" may not have been. */
export async function issuedIn({ connection }: Pick<House, 'connection'>): Promise<number> {
  const { OidcRecord: records = [] } = await recordsOf(connection);
  return records.filter((record) => record.includes('"kind":"AccessToken"')).length;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A folder of its own for a program, which goes with it. */
export const ownFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'doorstep-clients-'));

interface Wanted {
  readonly command: readonly string[];
  /** Answers when it can be used. */
  readonly readyAt: string;
  /** Removed at the end. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A program that serves; it never outlives this process. `stop` asks it to end by itself. */
export async function openProgram(wanted: Wanted): Promise<Open & { stop(): Promise<void> }> {
  const { command, readyAt, folder, environment } = wanted;
  // The kernel kills it when we are gone; a Ctrl-C is for us.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...environment },
  });
  const said: Buffer[] = [];
  for (const output of [child.stdout, child.stderr]) {
    output.on('data', (data: Buffer) => said.push(data));
  }
  const ended = once(child, 'close');
  async function close(): Promise<void> {
    child.kill('SIGKILL');
    await ended;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await ended;
  }

  try {
    await Promise.race([
      answersWell(readyAt),
      ended.then(() => Promise.reject(new Error('ended'))),
    ]);
    return { close, stop };
  } catch (error) {
    await close();
    throw new Error(`${command.join(' ')}:\n${Buffer.concat(said).toString()}`, { cause: error });
  }
}

async function answersWell(address: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    if (answer && answer.status < 500) return;
    if (Date.now() > deadline) throw new Error(`nothing answers at ${address}`);
    await pause(50);
  }
}
