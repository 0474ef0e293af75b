/**
 * sign-ins that nobody goes on with, in a house of many accounts. They go soon after
 * their end, whoever signs in meanwhile does not notice, and no query looks at everything.
 */
import { setTimeout as pause } from 'node:timers/promises';

import type { Connection } from 'mongoose';

import { connectDatabase } from '../../src/database/connect.ts';
import { createLog } from '../../src/lib/log.ts';
import type { HttpAgent } from '../bench/agent.ts';
import type { Product } from '../bench/product.ts';
import { begin, openBrowser } from '../bench/sign-in.ts';
import { atMost, type Check, type Finding, type Given } from './check.ts';
import { keepPace } from './load.ts';
import { onStage, type Stage } from './stage.ts';

const ACCOUNTS = 200_000;
const ABANDONED = 100_000;
const AT_ONCE = 12;
const SIGN_IN_SECONDS = 600;
const GONE_WITHIN_SECONDS = 120;
const LOOK_EVERY_MS = 2_000;
const TELL_EVERY = 10_000;
/** Where a sign-in leaves something: our flow, and what the provider keeps of it. */
const COLLECTIONS = ['flows', 'oidc_records'] as const;

export const abandoned: Check = {
  about: '100,000 abandoned sign-ins in a house of 200,000 accounts',
  withinSeconds: 5_400,
  run(given) {
    const { count = ABANDONED, seconds = SIGN_IN_SECONDS } = given;
    const settings = { oidc: { interactionSeconds: seconds } };
    const accounts = Math.min(ACCOUNTS, 2 * count);
    return onStage(accounts, (stage) => leave(stage, { ...given, count, seconds }), { settings });
  },
};

type Wanted = Given & { readonly count: number; readonly seconds: number };

async function leave(stage: Stage, given: Wanted): Promise<Finding[]> {
  const { product, agent } = stage;
  const begun = Date.now();
  const refused = await abandon(agent, given);
  const lastEnd = Date.now() + given.seconds * 1000;
  const connection = await connect(product);
  const scansBefore = product.scans.length;
  const watching = watch(connection, lastEnd, given);

  // In the midst of it: the first have ended, and are being swept away.
  await pause(Math.max(0, begun + given.seconds * 1000 - Date.now()));
  const pace = await keepPace(stage, given, 120);
  const seen = await watching;
  const left = await Promise.all(
    COLLECTIONS.map((name) => countEnded(connection, name, new Date(lastEnd))),
  );
  await connection.close();
  for (const scan of new Set(product.scans)) given.tell(`scan: ${scan}`);
  return [
    atMost('sign-ins that could not begin', refused, 0),
    atMost('longest that one stayed after its end, s', seen, GONE_WITHIN_SECONDS),
    atMost('left two minutes after the last', Math.max(...left), 0),
    atMost('queries that looked at everything', product.scans.length - scansBefore, 0),
    ...pace,
  ];
}

/** One after the other in each of some browsers that forget what they were given. */
async function abandon(agent: HttpAgent, { count, tell }: Wanted): Promise<number> {
  let [turn, refused] = [0, 0];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (turn < count) {
        turn += 1;
        if (turn % TELL_EVERY === 0) tell(`${turn} abandoned`);
        const { status } = await begin(openBrowser(agent));
        if (status !== 303) refused += 1;
      }
    }),
  );
  return refused;
}

/** Until two minutes after the last has ended; the longest that any stayed, in seconds. */
async function watch(connection: Connection, lastEnd: number, { tell }: Given): Promise<number> {
  let longest = 0;
  for (let looks = 0; Date.now() < lastEnd + GONE_WITHIN_SECONDS * 1000; looks += 1) {
    const stayed = await Promise.all(COLLECTIONS.map((name) => longestStay(connection, name)));
    longest = Math.max(longest, ...stayed);
    if (looks % 15 === 0)
      tell(`after their end: ${stayed.map((one) => Math.round(one)).join(' and ')} s`);
    await pause(LOOK_EVERY_MS);
  }
  return longest;
}

async function longestStay(connection: Connection, name: string): Promise<number> {
  const now = new Date();
  const ended = { expiresAt: { $lte: now } };
  const oldest = await connection
    .collection<{ readonly expiresAt: Date }>(name)
    .findOne(ended, { sort: { expiresAt: 1 } });
  return oldest ? (now.getTime() - oldest.expiresAt.getTime()) / 1000 : 0;
}

const countEnded = (connection: Connection, name: string, by: Date): Promise<number> =>
  connection.collection(name).countDocuments({ expiresAt: { $lte: by } });

async function connect({ settings }: Product): Promise<Connection> {
  const { log } = createLog({ level: 'silent' });
  return (await connectDatabase({ ...settings.database, log })).connection;
}
