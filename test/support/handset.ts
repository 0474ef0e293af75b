/**
 * The demo's phone on loopback, for stories in which somebody is called on it.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { createCalls } from '../../scripts/handset/calls.ts';
import { createHandset } from '../../scripts/handset/server.ts';
import { createStore } from '../../scripts/handset/store.ts';
import { type Call, CALLBACK_SECRET } from './carrier.ts';

export type Handset = Awaited<ReturnType<typeof openHandset>>;

export async function openHandset(issuer: string) {
  const store = createStore();
  const calls = createCalls({ store, issuer, secret: CALLBACK_SECRET });
  const server = createHandset({ store, calls, issuer }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    store,
    calls,
    /** As the product places it. */
    async rings(call: Call): Promise<number> {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify(call);
      return (await fetch(`${origin}/calls`, { method: 'POST', headers, body })).status;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
