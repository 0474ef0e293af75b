/**
 * more at once than the machine can do. Whoever is too many is told so at
 * once, nobody who is in is thrown out, and it is over when the crowd is gone.
 */
import type { Answer, HttpAgent } from '../bench/agent.ts';
import { percentile } from '../bench/figures.ts';
import { scrape } from '../bench/scrape.ts';
import {
  askForTokens,
  type Browser,
  expectStatus,
  fill,
  openBrowser,
  type SignedIn,
  toPassword,
} from '../bench/sign-in.ts';
import { PASSWORD, usernameOf } from '../bench/tenants.ts';
import { atMost, type Check, type Finding, type Given, within } from './check.ts';
import { onStage, p99, rssMiB, type Stage } from './stage.ts';

const ACCOUNTS = 1_000;
const ROUNDS = 10;
const POSTS = 200;
/** Of passwords.atOnce in both processes. */
const MOST_HASHES = 4;
const OPEN_SESSIONS = 10;
const LOOK_EVERY_MS = 20;
const CALM_AFTER_MS = 10_000;

export const overload: Check = {
  about: '200 passwords at once, ten times over',
  withinSeconds: 900,
  run: (given) => onStage(ACCOUNTS, (stage) => flood(stage, given)),
};

/** What is seen while the flood lasts. */
interface Seen {
  readonly health: number[];
  readonly hashes: number[];
  readonly memory: number[];
  readonly sessions: Answer[];
}

async function flood(stage: Stage, given: Given): Promise<Finding[]> {
  const { crowd, product, agent } = stage;
  const open: SignedIn[] = [];
  await crowd.run({ users: 4, count: OPEN_SESSIONS, onSignedIn: (one) => open.push(one) });
  const before = rssMiB(product);
  const isOver = new AbortController();
  const [answers, seen] = await Promise.all([
    typeAllAtOnce(agent, given).finally(() => isOver.abort()),
    watch(stage, open, isOver.signal),
  ]);

  await new Promise((resolve) => setTimeout(resolve, CALM_AFTER_MS));
  const after = await crowd.run({ users: 0, perSecond: 5, seconds: 20 });
  const sentAway = answers.filter(({ status }) => status === 429 || status === 503);
  const others = answers.filter(({ status }) => ![303, 429, 503].includes(status));
  return [
    atMost('answers other than 303, 429 or 503', others.length, 0),
    atMost('sent away without Retry-After', sentAway.filter(lacksRetryAfter).length, 0),
    within('sent away, p99', percentile(timesOf(sentAway), 99), 1_000, given),
    within('/healthz, p99', percentile(seen.health, 99), 250, given),
    atMost('hashes at once', Math.max(...seen.hashes), MOST_HASHES),
    atMost('memory growth, MiB', Math.max(...seen.memory) - before, 300),
    atMost('open sessions refused', seen.sessions.filter(({ status }) => status !== 200).length, 0),
    atMost('errors afterwards', after.errors.length, 0),
    within('password POST afterwards, p99', p99(after, 'password'), 750, given),
  ];
}

async function typeAllAtOnce(agent: HttpAgent, { tell }: Given): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    tell(`round ${round + 1} of ${ROUNDS}`);
    const waiting = await Promise.all(
      Array.from({ length: POSTS }, async (_, index) => {
        const browser = openBrowser(agent);
        const who = usernameOf((round * POSTS + index) % ACCOUNTS);
        return { browser, page: await toPassword(browser, who) };
      }),
    );
    answers.push(...(await Promise.all(waiting.map(typePassword))));
  }
  return answers;
}

const typePassword = ({ browser, page }: { browser: Browser; page: Answer }): Promise<Answer> =>
  fill(browser, 'password', page, { password: PASSWORD });

const timesOf = (answers: readonly Answer[]): number[] => answers.map(({ ms }) => ms);
const lacksRetryAfter = ({ headers }: Answer): boolean => headers['retry-after'] === undefined;

async function watch(
  { product, agent }: Stage,
  open: readonly SignedIn[],
  signal: AbortSignal,
): Promise<Seen> {
  const seen: Seen = { health: [], hashes: [], memory: [], sessions: [] };
  for (let turn = 0; !signal.aborted; turn += 1) {
    seen.health.push((await agent.ask({ path: '/healthz' })).ms);
    const series = await scrape(product.idps);
    seen.hashes.push(series.get('doorstep_password_hashes_running') ?? NaN);
    seen.memory.push(rssMiB(product));
    const token = open[turn % open.length]?.tokens.access_token ?? '';
    const headers = { authorization: `Bearer ${token}` };
    seen.sessions.push(await agent.ask({ path: '/me', headers }));
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return seen;
}

const REFRESHES = 500;

export const refreshes: Check = {
  about: '500 refreshes at once, as when an app wakes up',
  withinSeconds: 600,
  run: (given) =>
    onStage(ACCOUNTS, async ({ crowd, agent }) => {
      const signedIn: SignedIn[] = [];
      await crowd.run({ users: 8, count: REFRESHES, onSignedIn: (one) => signedIn.push(one) });
      const answers = await Promise.allSettled(
        signedIn.map(({ tokens }) => refresh(openBrowser(agent), tokens.refresh_token)),
      );
      const good = answers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const fresh = new Set(good.map(({ text }) => refreshTokenIn(text)));
      return [
        atMost('errors', REFRESHES - good.length, 0),
        atMost('sign-ins without a token set of their own', REFRESHES - fresh.size, 0),
        within('refresh, p99', percentile(timesOf(good), 99), 2_000, given),
      ];
    }),
};

async function refresh(browser: Browser, token = ''): Promise<Answer> {
  const form = { grant_type: 'refresh_token', refresh_token: token };
  const answer = await askForTokens(browser, form);
  expectStatus(answer, 200);
  return answer;
}

const refreshTokenIn = (text: string): unknown =>
  (JSON.parse(text) as { refresh_token?: string }).refresh_token;
