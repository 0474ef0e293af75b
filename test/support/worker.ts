/**
 * One of the two processes that serve the houses of all stories. It outlives them, so that its
 * start is paid for once; what it opens and closes, and what time it is, it is told by workers.ts.
 */
import type { RequestListener } from 'node:http';

import { destination } from 'pino';

import { type App, createApp } from '../../src/app.ts';
import type { Settings } from '../../src/config/schema.ts';
import { connectDatabase, createIndexes } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { listen } from '../../src/listen.ts';
import { openMetrics } from '../../src/metrics/metrics.ts';
import { clock } from './clock.ts';

export type Order =
  | {
      readonly act: 'open';
      readonly house: string;
      readonly settings: Settings;
      readonly logFile: string;
    }
  | { readonly act: 'close' | 'settle' | 'wait' | 'forget'; readonly house: string }
  | { readonly act: 'move-clock'; readonly offsetMilliseconds: number };

/** Where a house that was opened is found. */
export interface Opened {
  readonly port: number;
  readonly metricsPort?: number;
}

export type Report = { readonly done: Opened | undefined } | { readonly failed: string };

const open = new Map<string, { readonly app: App; close(): Promise<void> }>();

async function obey(order: Order): Promise<Opened | undefined> {
  if (order.act === 'open') return openHouse(order);
  if (order.act === 'move-clock') {
    clock.offsetMilliseconds = order.offsetMilliseconds;
    return undefined;
  }
  const house = open.get(order.house);
  if (order.act === 'settle') await house?.app.settle();
  if (order.act === 'wait') await house?.app.settled();
  if (order.act === 'forget' && house) house.app.audit.turn = () => Promise.resolve();
  if (order.act === 'close') {
    await house?.close();
    open.delete(order.house);
  }
  return undefined;
}

async function openHouse({ house, settings, logFile }: Order & { act: 'open' }): Promise<Opened> {
  const { log } = createLog(settings.log, destination({ dest: logFile, sync: true }));
  const { host, port: wanted } = settings.metrics;
  const metrics = wanted === undefined ? undefined : await openMetrics({ host, port: wanted });
  const measured = { log, ...(metrics && { meter: metrics.meter }) };
  const database = await connectDatabase({ ...settings.database, ...measured });
  const { connection } = database;
  const app = await createApp({ settings, connection, clock: systemClock, ...measured });
  await createIndexes(connection);
  const server = { ...settings.server, hosts: ['127.0.0.1'], port: 0 };
  const listening = await listen(onceEach(app.callback), server);
  open.set(house, {
    app,
    async close() {
      await listening.stop();
      await app.stop();
      await database.close();
      await metrics?.close();
    },
  });
  return { port: listening.port, ...(metrics && { metricsPort: metrics.port }) };
}

/** A connection that is kept would bring the next request to the same process. */
const onceEach =
  (callback: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('Connection', 'close');
    callback(request, response);
  };

process.on('message', (order: Order) => {
  void obey(order).then(
    (done) => process.send?.({ done } satisfies Report),
    (error: unknown) => {
      const failed = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.send?.({ failed } satisfies Report);
    },
  );
});
process.once('disconnect', () => process.exit());
