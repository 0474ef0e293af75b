/**
 * `npm start`: Doorstep, a demo app and a handset, each a process of its own, on loopback
 * only. Chooses ports, waits, brings in the demo people, and ends everything together.
 */
import '../src/need-node-24.js';

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';

import { type Child, type Program, startChild, untilReady } from './dev/child.ts';
import { choosePorts } from './dev/ports.ts';
import { welcome } from './dev/welcome.ts';

const tell = (message: string): boolean => process.stderr.write(`${message}\n`);

if (process.env.NODE_ENV === 'production') {
  tell('npm start runs the demo, which has no place in production. See: npm run start:production');
  process.exit(1);
}

const PARENT_EVERY_MS = 500;

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stopping.abort());
}
// npm, told to end, ends alone: then this process is handed to another parent.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && stopping.abort(), PARENT_EVERY_MS).unref();

const children: Child[] = [];
try {
  await run(stopping.signal);
} catch (error) {
  if (!stopping.signal.aborted) {
    tell(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
} finally {
  await Promise.all(children.map((child) => child.stop()));
}

async function run(signal: AbortSignal): Promise<void> {
  const stopped = once(signal, 'abort');
  const wanted = [
    { variable: 'PORT', usual: 3000 },
    { variable: 'DEMO_PORT', usual: 3001 },
    { variable: 'HANDSET_PORT', usual: 3002 },
    { variable: 'HANDSET_SMTP_PORT', usual: 3025 },
  ];
  const ports = await choosePorts(wanted, process.env, tell);
  const addresses = {
    issuer: `http://localhost:${ports.PORT}`,
    demo: `http://127.0.0.1:${ports.DEMO_PORT}`,
    handset: `http://127.0.0.1:${ports.HANDSET_PORT}`,
  };
  const environment = {
    ...process.env,
    ...ports,
    NODE_ENV: 'development',
    ISSUER: addresses.issuer,
    HANDSET: addresses.handset,
    SMS_PROVIDER_URL: `${addresses.handset}/sms`,
    VOICE_PROVIDER_URL: `${addresses.handset}/calls`,
    // The handset signs with it what Doorstep hears of calls.
    VOICE_CALLBACK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
    SMTP_URL: `smtp://127.0.0.1:${ports.HANDSET_SMTP_PORT}`,
    MAIL_FROM: 'Doorstep <no-reply@example.org>',
  };
  const start = (name: string, script: string, readyAt: string): Promise<void> =>
    startReady({ name, script, environment }, readyAt);

  const begun = Promise.all([
    start('doorstep', 'scripts/dev/doorstep.ts', `${addresses.issuer}/readyz`),
    start('handset', 'scripts/handset.ts', addresses.handset),
    start('demo app', 'scripts/demo-app.ts', addresses.demo),
  ]);
  await Promise.race([begun, stopped]);
  if (signal.aborted) return;

  const seeding = startChild({ name: 'seed', script: 'scripts/seed.ts', environment });
  const end = await seeding.ended;
  if (end !== 'exit code 0') throw new Error(`The demo people could not be brought in (${end}).`);

  process.stdout.write(welcome(addresses));
  await Promise.race([stopped, ...children.map(failing)]);
  process.stdout.write('\n');
}

async function startReady(program: Program, address: string): Promise<void> {
  const child = startChild(program);
  children.push(child);
  await untilReady(child, address);
}

/** None of them ends by itself while all is well. */
async function failing({ name, ended }: Child): Promise<never> {
  throw new Error(`The ${name} process has ended (${await ended}); closing the rest.`);
}
