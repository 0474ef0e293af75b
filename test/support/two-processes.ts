/**
 * The two processes of workers.ts serve a house, behind a door that brings every connection to
 * the other one than the last. For stories of clocks, crashes, restarts and cuts.
 */
import { openFront } from './load-balancer.ts';
import type { Servers } from './servers.ts';
import type { Opened, Order } from './worker.ts';
import { theWorkers } from './workers.ts';

export async function openTwoProcesses(house: string): Promise<Servers> {
  const nowhere: Opened = { port: 0 };
  const workers = theWorkers().map((worker) => ({ worker, at: nowhere, skewMilliseconds: 0 }));
  let turn = 0;
  const front = await openFront(async () => {
    const { worker, at, skewMilliseconds } = workerAt((turn += 1) % workers.length);
    await worker.tellTime(skewMilliseconds);
    return at.port;
  });

  function workerAt(index: number) {
    const found = workers[index];
    if (!found) throw new Error(`there is no process ${index}`);
    return found;
  }

  async function tellAll(order: Order): Promise<void> {
    await Promise.all(
      workers.map(async (one) => {
        await one.worker.tellTime(one.skewMilliseconds);
        one.at = (await one.worker.obey(order)) ?? one.at;
      }),
    );
  }

  return {
    port: front.port,
    start: (settings, logFile) => tellAll({ act: 'open', house, settings, logFile }),
    tellAll: (act) => tellAll({ act, house }),
    async stop() {
      front.cutAll();
      await tellAll({ act: 'close', house });
    },
    metricsPorts: () => workers.flatMap(({ at }) => at.metricsPort ?? []),
    skew(seconds) {
      workerAt(1).skewMilliseconds = seconds * 1000;
    },
    close: async () => front.close(),
  };
}
