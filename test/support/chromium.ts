/**
 * Finds a Chromium and starts it: once for each process of mocha, and gone with it.
 * Nothing but this machine can be reached from it.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { type Browser, chromium } from 'playwright-core';

const PACKAGE = join('node_modules', '@sparticuz', 'chromium');
const CACHE = join('node_modules', '.cache');
const INSTALLED = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

// The package's own flags would switch off what is tested here (same origin, policies).
const FLAGS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-dev-shm-usage',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--no-pings',
  // There is no screen: what draws is quicker without a process and threads of its own.
  '--disable-gpu',
  '--in-process-gpu',
  '--num-raster-threads=1',
  `--disable-features=${[
    // Of Playwright's own list, which this one replaces, what a page on loopback could notice.
    ...['HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'PaintHolding'],
    ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'ThirdPartyStoragePartitioning'],
    ...['AvoidCorsURLLoaderRestartOnRedirect', 'MediaRouter', 'OptimizationHints'],
    // A new frame for each document, and a process in reserve: a third of what a page costs.
    ...['RenderDocument', 'SpareRendererForSitePerProcess'],
  ].join()}`,
];

let started: Promise<Started | undefined> | undefined;

interface Started {
  readonly browser: Browser;
  close(): Promise<void>;
}

/** The one browser of this run, or nothing where there is none. */
export async function theBrowser(): Promise<Browser | undefined> {
  return (await (started ??= start()))?.browser;
}

// Side by side, mocha ends its workers with all they started; alone, it waits for everything.
if (process.env.MOCHA_WORKER_ID === undefined) {
  after(async () => {
    await (await started)?.close();
  });
}

async function start(): Promise<Started | undefined> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    const absent = 'no Chromium found (CHROME_PATH, installed, @sparticuz/chromium)';
    if (process.env.CI === 'true') throw new Error(absent);
    process.stdout.write(`  ${absent}: browser stories are skipped\n`);
    return undefined;
  }
  const apps = await openApps();
  const browser = await launched(executablePath, apps.port);
  return {
    browser,
    async close() {
      await browser.close();
      await apps.close();
    },
  };
}

const MOST_LAUNCHES = 3;

/** Chromium itself crashes now and then as it starts (SIGSEGV, before any page): that is no story. */
async function launched(executablePath: string, port: number): Promise<Browser> {
  // The apps' address is fixed; two runs at once must not fight for its port.
  const rules = `MAP 127.0.0.1:4999 127.0.0.1:${port}, MAP 127.0.0.1 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE localhost`;
  const args = [...FLAGS, `--host-resolver-rules=${rules}`];
  for (let launches = 1; ; launches += 1) {
    try {
      return await chromium.launch({ executablePath, args });
    } catch (error) {
      if (launches >= MOST_LAUNCHES) throw error;
    }
  }
}

/** What people see when they are back at an app; one app leads on to another origin. */
async function openApps() {
  const server = createServer(({ url = '' }, response) => {
    const [path, query = ''] = url.split('?');
    if (url === '/favicon.ico') response.writeHead(204).end();
    else if (path?.startsWith('/moved/')) {
      const { port } = server.address() as AddressInfo;
      response.writeHead(302, { location: `http://localhost:${port}/arrived?${query}` }).end();
    } else response.end('<!doctype html><html lang="en"><title>The app</title><h1>The app</h1>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function findChromium(): Promise<string | undefined> {
  const named = process.env.CHROME_PATH;
  if (named) return named;
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of INSTALLED.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    if (await isRunnable(path)) return path;
  }
  return packagedChromium();
}

/**
 * The package unpacks itself into the system's temporary folder and takes whatever lies there
 * for complete. So it gets a folder of its own, which appears under its name only when done.
 */
async function packagedChromium(): Promise<string | undefined> {
  const version = await versionOf(PACKAGE);
  if (version === undefined) return undefined;
  const home = join(CACHE, `chromium-${version}`);
  const executable = join(home, 'chromium');
  if (await isRunnable(executable)) return executable;

  await mkdir(CACHE, { recursive: true });
  const workshop = await mkdtemp(`${home}-`);
  const unpack = "await (await import('@sparticuz/chromium')).default.executablePath()";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpack], {
    env: { ...process.env, TMPDIR: join(process.cwd(), workshop) },
  });
  await rename(workshop, home).catch(async (error: unknown) => {
    // Somebody else was quicker.
    await rm(workshop, { recursive: true });
    if (!(await isRunnable(executable))) throw error;
  });
  return executable;
}

async function versionOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { version: string }).version;
}

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
