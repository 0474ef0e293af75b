/**
 * Two apps in this very process that take every request in turn. Neither sees what the other
 * remembers, as two processes would not; what whole processes are needed for, and all stories
 * once in CI, is served by two-processes.ts.
 */
import type { Socket } from 'node:net';

import type { Settings } from '../../src/config/schema.ts';
import { listen } from '../../src/listen.ts';
import { openServedApp, type ServedApp } from './served-app.ts';
import type { Servers } from './servers.ts';

export async function openTwoApps(patience: Settings['server']): Promise<Servers> {
  const sockets = new Set<Socket>();
  let apps: readonly ServedApp[] = [];
  let turn = 0;
  // Nobody is heard out at the end: a client may hold connections that it never used.
  const server = { ...patience, hosts: ['127.0.0.1'], port: 0, stopWithinSeconds: 0 };
  const door = await listen((request, response) => {
    keep(request.socket);
    turn += 1;
    const app = apps[turn % apps.length];
    if (app) app.callback(request, response);
    else request.socket.destroy();
  }, server);

  function keep(socket: Socket): void {
    if (sockets.size === sockets.add(socket).size) return;
    socket.once('close', () => sockets.delete(socket));
  }

  function cutAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    port: door.port,
    async start(settings, logFile) {
      apps = await Promise.all([
        openServedApp(settings, logFile),
        openServedApp(settings, logFile),
      ]);
    },
    async tellAll(order) {
      await Promise.all(apps.map((app) => app.obey(order)));
    },
    async stop() {
      const ending = apps;
      apps = [];
      cutAll();
      await Promise.all(ending.map((app) => app.close()));
    },
    metricsPorts: () => apps.flatMap(({ metricsPort }) => metricsPort ?? []),
    skew() {
      throw new Error('a clock of its own has a process only: openHouse with inProcesses');
    },
    async close() {
      cutAll();
      await door.stop();
    },
  };
}
