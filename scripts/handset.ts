/**
 * The handset: plays the outside world for the demo. A separate process with a phone on a
 * page: texts, calls, mail, an authenticator app and the way to each person's approval app. Listens on
 * loopback only.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { createCalls } from './handset/calls.ts';
import { startMail } from './handset/mail.ts';
import { createHandset } from './handset/server.ts';
import { createStore } from './handset/store.ts';

const {
  HANDSET_PORT = '3002',
  HANDSET_SMTP_PORT = '3025',
  DATA_DIRECTORY = './data',
  ISSUER = 'http://localhost:3000',
  VOICE_CALLBACK_SECRET = '',
} = process.env;

const RING_OUT_EVERY_MS = 1_000;

const store = createStore(join(DATA_DIRECTORY, 'handset.json'));
const calls = createCalls({ store, issuer: ISSUER, secret: VOICE_CALLBACK_SECRET });
setInterval(() => void calls.ringOut(), RING_OUT_EVERY_MS);
const mail = await startMail(Number(HANDSET_SMTP_PORT), (message) => store.addMail(message));
const handset = createHandset({ store, calls, issuer: ISSUER });
const server = handset.listen(Number(HANDSET_PORT), '127.0.0.1');
await once(server, 'listening');

const { port } = server.address() as AddressInfo;
process.stdout.write(`Handset: http://127.0.0.1:${port} (mail: smtp://127.0.0.1:${mail.port})\n`);

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'])
  process.once(signal, () => process.exit());
