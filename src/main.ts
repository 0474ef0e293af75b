/**
 * Starts and stops Doorstep, and has the last word when something breaks that nobody foresaw.
 * The only reader of process.env.
 */
import './need-node-24.js';

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { createApp } from './app.ts';
import { loadSettings } from './config/load.ts';
import { doubtfulVariables } from './config/misspelt.ts';
import { SettingsError } from './config/problems.ts';
import { connectDatabase, createIndexes } from './database/connect.ts';
import { systemClock } from './lib/clock.ts';
import { isDiskFull } from './lib/disk-full.ts';
import { createLog } from './lib/log.ts';
import { listen } from './listen.ts';

const settings = await loadSettings({ environment: process.env }).catch((error: unknown) => {
  process.stderr.write(`${whyNoSettings(error)}\n`);
  process.exit(1);
});
const { log, flush } = createLog(settings.log);
for (const doubtful of doubtfulVariables(process.env)) log.warn(doubtful, 'variable.unknown');

process.on('uncaughtException', fail).on('unhandledRejection', fail);

const stopping = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => stopping.abort());
}
// Whoever started us with a line to them is gone (scripts/dev.ts).
process.once('disconnect', () => stopping.abort());

try {
  await run(stopping.signal);
} catch (error) {
  // Told to stop while it was still waiting for its database: that is no failure.
  if (!stopping.signal.aborted) fail(error);
}
leave(0);

async function run(signal: AbortSignal): Promise<void> {
  const metrics = await openMetrics();
  const measured = { log, ...(metrics && { meter: metrics.meter }) };
  const database = await connectDatabase({ ...settings.database, ...measured, signal });
  const { connection } = database;
  const app = await createApp({ settings, connection, clock: systemClock, ...measured });
  await createIndexes(connection);
  const listening = await listen(app.callback, settings.server);
  app.start();
  log.info({ port: listening.port, issuer: settings.issuer }, 'server.started');

  if (!signal.aborted) await once(signal, 'abort');
  app.turnAway();
  listening.letGo();
  await pause(settings.server.notReadyForSeconds * 1000);
  await listening.stop();
  await app.stop();
  await database.close();
  await metrics?.close();
  log.info('server.stopped');
}

/** Loaded only where they are wanted: they cost memory and time. */
async function openMetrics() {
  const { host, port } = settings.metrics;
  if (port === undefined) return undefined;
  return (await import('./metrics/metrics.ts')).openMetrics({ host, port });
}

/** The first start may have had no room for the secrets that it makes. */
function whyNoSettings(error: unknown): string {
  if (isDiskFull(error)) return `The disk is full: ${(error as Error).message}`;
  if (error instanceof SettingsError) return error.message;
  throw error;
}

function fail(error: unknown): never {
  log.fatal({ err: error }, isDiskFull(error) ? 'disk.full' : 'process.failed');
  return leave(1);
}

function leave(code: number): never {
  flush();
  process.exit(code);
}
