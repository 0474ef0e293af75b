/**
 * Two processes that serve every house between them (T-3): started with the first house, and
 * gone with the test process. Whatever lived in the memory of one would be missed by the other.
 */
import { fork } from 'node:child_process';
import { resolve } from 'node:path';

import { theCertificate } from './certificate.ts';
import { clock } from './clock.ts';
import type { Opened, Order, Report } from './worker.ts';

export interface Worker {
  /** Says where a house that it opened is found; orders are obeyed one by one. */
  obey(order: Order): Promise<Opened | undefined>;
  /** Tells it what time it is here, and how far it is to be off. */
  tellTime(skewMilliseconds: number): Promise<void>;
}

let started: readonly Worker[] | undefined;

export const theWorkers = (): readonly Worker[] => (started ??= [startWorker(), startWorker()]);

function startWorker(): Worker {
  const child = fork(resolve(import.meta.dirname, 'worker.ts'), {
    serialization: 'advanced',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: theCertificate().file },
  });
  // Nobody waits for it at the end: it notices that its line to us is cut.
  child.unref();
  child.channel?.unref();
  let last: Promise<unknown> = Promise.resolve();
  let told: number | undefined;
  let report: (report: Report) => void = () => undefined;
  child.on('message', (said) => report(said as Report));
  child.on('exit', () => report({ failed: 'the process has ended' }));

  async function obey(order: Order): Promise<Opened | undefined> {
    const mine = last.then(() => ask(order));
    last = mine.catch(() => undefined);
    return mine;
  }

  async function ask(order: Order): Promise<Opened | undefined> {
    const { promise, resolve: hear } = Promise.withResolvers<Report>();
    report = hear;
    if (!child.connected || !child.send(order)) hear({ failed: 'the process is not there' });
    const heard = await promise;
    if ('failed' in heard) throw new Error(`${order.act}: ${heard.failed}`);
    return heard.done;
  }

  return {
    obey,
    async tellTime(skewMilliseconds) {
      const offsetMilliseconds = clock.offsetMilliseconds + skewMilliseconds;
      if (told === offsetMilliseconds) {
        await last;
        return;
      }
      told = offsetMilliseconds;
      await obey({ act: 'move-clock', offsetMilliseconds });
    },
  };
}
