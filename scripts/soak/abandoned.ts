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
const PACE_SECONDS = 120;
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
  const scansBefore = product.scans.length;
  const firstEnd = begun + given.seconds * 1000;
  const [{ longest, left }, pace] = await Promise.all([
    watch(product, lastEnd, given),
    // In the midst of it: the first have ended, and are being swept away.
    pause(Math.max(0, firstEnd - Date.now())).then(() => keepPace(stage, given, PACE_SECONDS)),
  ]);
  for (const scan of new Set(product.scans)) given.tell(`scan: ${scan}`);
  return [
    atMost('sign-ins that could not begin', refused, 0),
    atMost('longest that one stayed after its end, s', longest, GONE_WITHIN_SECONDS),
    atMost('left two minutes after the last', left, 0),
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
        const begun = await begin(openBrowser(agent)).catch(() => undefined);
        if (begun?.status !== 303) refused += 1;
      }
    }),
  );
  return refused;
}

/** Until two minutes after the last end: how long any stayed, in seconds, and what is left. */
async function watch({ settings }: Product, lastEnd: number, { tell }: Given) {
  const { log } = createLog({ level: 'silent' });
  const database = await connectDatabase({ ...settings.database, log });
  const { connection } = database;
  let longest = 0;
  for (let looks = 0; Date.now() < lastEnd + GONE_WITHIN_SECONDS * 1000; looks += 1) {
    const stayed = await Promise.all(COLLECTIONS.map((name) => longestStay(connection, name)));
    longest = Math.max(longest, ...stayed);
    if (looks % 15 === 0)
      tell(`after their end: ${stayed.map((one) => Math.round(one)).join(' and ')} s`);
    await pause(LOOK_EVERY_MS);
  }
  const ended = { expiresAt: { $lte: new Date(lastEnd) } };
  const left = COLLECTIONS.map((name) => connection.collection(name).countDocuments(ended));
  const all = (await Promise.all(left)).reduce((sum, one) => sum + one, 0);
  await database.close();
  return { longest, left: all };
}

async function longestStay(connection: Connection, name: string): Promise<number> {
  const now = new Date();
  const ended = { expiresAt: { $lte: now } };
  const oldest = await connection
    .collection<{ readonly expiresAt: Date }>(name)
    .findOne(ended, { sort: { expiresAt: 1 } });
  return oldest ? (now.getTime() - oldest.expiresAt.getTime()) / 1000 : 0;
}
