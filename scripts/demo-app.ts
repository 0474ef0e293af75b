/**
 * The demo app: an ordinary app that lets Doorstep sign people in. A separate process, so
 * that what it shows is what any app would see. Listens on loopback only.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { createDemoApp } from './demo-app/server.ts';
import { createSignIn, type SignIn } from './demo-app/sign-in.ts';
import { demoApp, type DemoClient, partnerApp } from './demo-people.ts';

const {
  ISSUER = 'http://localhost:3000',
  DEMO_PORT = '3001',
  HANDSET = 'http://127.0.0.1:3002',
} = process.env;

const origin = `http://127.0.0.1:${DEMO_PORT}`;

/** Asked at first use and again after a failure, because Doorstep may start after us. */
function atFirstUse(client: DemoClient): () => Promise<SignIn> {
  let asked: Promise<SignIn> | undefined;
  return () => {
    asked ??= createSignIn(ISSUER, client, `${origin}/callback`).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

const apps = { demo: atFirstUse(demoApp), partner: atFirstUse(partnerApp) };
const app = createDemoApp({ origin, handset: HANDSET, apps });
const server = app.listen(Number(DEMO_PORT), '127.0.0.1');
await once(server, 'listening');

const { port } = server.address() as AddressInfo;
process.stdout.write(`Demo app: http://127.0.0.1:${port}\n`);

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'])
  process.once(signal, () => process.exit());
