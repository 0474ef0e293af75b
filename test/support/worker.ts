/**
 * One of the two processes that serve houses for stories in need of whole processes. It outlives
 * them, so that its start is paid for once; what it opens and closes, and what time it is, it is
 * told by workers.ts.
 */
import type { RequestListener } from 'node:http';

import type { Settings } from '../../src/config/schema.ts';
import { listen } from '../../src/listen.ts';
import { clock } from './clock.ts';
import { openServedApp, type Order as AppOrder, type ServedApp } from './served-app.ts';

export type Order =
  | {
      readonly act: 'open';
      readonly house: string;
      readonly settings: Settings;
      readonly logFile: string;
    }
  | { readonly act: AppOrder | 'close'; readonly house: string }
  | { readonly act: 'move-clock'; readonly offsetMilliseconds: number };

/** Where a house that was opened is found. */
export interface Opened {
  readonly port: number;
  readonly metricsPort?: number;
}

export type Report = { readonly done: Opened | undefined } | { readonly failed: string };

const open = new Map<string, Pick<ServedApp, 'obey' | 'close'>>();

async function obey(order: Order): Promise<Opened | undefined> {
  if (order.act === 'open') return openHouse(order);
  if (order.act === 'move-clock') clock.offsetMilliseconds = order.offsetMilliseconds;
  else if (order.act === 'close') {
    await open.get(order.house)?.close();
    open.delete(order.house);
  } else await open.get(order.house)?.obey(order.act);
  return undefined;
}

async function openHouse({ house, settings, logFile }: Order & { act: 'open' }): Promise<Opened> {
  const app = await openServedApp(settings, logFile);
  const server = { ...settings.server, hosts: ['127.0.0.1'], port: 0 };
  const listening = await listen(onceEach(app.callback), server);
  open.set(house, {
    obey: app.obey,
    async close() {
      await listening.stop();
      await app.close();
    },
  });
  const { metricsPort } = app;
  return { port: listening.port, ...(metricsPort !== undefined && { metricsPort }) };
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
