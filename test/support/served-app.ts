/**
 * One app of a house, with a log and a connection of its own, as a process of the product has
 * them. Who lets requests reach it is said in two-apps.ts and in worker.ts.
 */
import { destination } from 'pino';

import { createApp } from '../../src/app.ts';
import type { Settings } from '../../src/config/schema.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createLog } from '../../src/lib/log.ts';
import { openMetrics } from '../../src/metrics/metrics.ts';

/** What a house tells its apps. */
export type Order = 'settle' | 'wait' | 'forget';

export type ServedApp = Awaited<ReturnType<typeof openServedApp>>;

export async function openServedApp(settings: Settings, logFile: string) {
  const { log } = createLog(settings.log, destination({ dest: logFile, sync: true }));
  const { host, port } = settings.metrics;
  const metrics = port === undefined ? undefined : await openMetrics({ host, port });
  const measured = { log, ...(metrics && { meter: metrics.meter }) };
  const database = await connectDatabase({ ...settings.database, ...measured });
  const { connection } = database;
  const app = await createApp({ settings, connection, clock: systemClock, ...measured });

  const orders: Readonly<Record<Order, () => Promise<void>>> = {
    settle: () => app.settle(),
    wait: () => app.settled(),
    forget: async () => void (app.audit.turn = () => Promise.resolve()),
  };

  return {
    callback: app.callback,
    metricsPort: metrics?.port,
    obey: (order: Order): Promise<void> => orders[order](),
    async close(): Promise<void> {
      await app.stop();
      await database.close();
      await metrics?.close();
    },
  };
}
