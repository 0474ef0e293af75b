/**
 * people who come at a steady pace, for two minutes, for one at twice
 * the pace, and for half an hour in which nothing may grow.
 */
import { percentile } from '../bench/figures.ts';
import type { Result } from '../bench/load.ts';
import { scrape } from '../bench/scrape.ts';
import { steps } from '../bench/sign-in.ts';
import { atMost, type Check, type Finding, type Given, within } from './check.ts';
import { onStage, p99, rssMiB, type Stage } from './stage.ts';

const ACCOUNTS = 1_000;
const PUBLIC_PATHS = ['/.well-known/openid-configuration', '/jwks'];
const OTHER_POSTS = ['user name', 'code'] as const;

export const steady: Check = {
  about: '5 sign-ins a second for 120 s',
  withinSeconds: 400,
  run: (given) => onStage(ACCOUNTS, (stage) => keepPace(stage, given)),
};

/** R-01, for other checks too: what it must hold to whatever happens beside it. */
export async function keepPace(
  { crowd, agent }: Stage,
  given: Given,
  seconds = given.seconds ?? 120,
): Promise<Finding[]> {
  const isOver = new AbortController();
  const looking = lookAtPublicPages(agent, isOver.signal);
  const result = await crowd.run({ users: 0, perSecond: 5, seconds });
  isOver.abort();
  tellErrors(result, given);
  return [
    atMost('errors', result.errors.length, 0),
    within('password POST, p99', p99(result, 'password'), 750, given),
    within('other POST, p99', p99(result, ...OTHER_POSTS), 300, given),
    within('token, p99', p99(result, 'token'), 250, given),
    within('discovery and JWKS, p99', percentile(await looking, 99), 50, given),
  ];
}

export const busy: Check = {
  about: '10 sign-ins a second for 60 s',
  withinSeconds: 300,
  run: (given) =>
    onStage(ACCOUNTS, async ({ crowd }) => {
      const result = await crowd.run({ users: 0, perSecond: 10, seconds: given.seconds ?? 60 });
      const { errors, signIns } = result;
      tellErrors(result, given);
      return [
        atMost('errors, %', (100 * errors.length) / (signIns + errors.length), 0.1),
        within('any request, p99', p99(result, ...steps), 2_000, given),
      ];
    }),
};

const PER_SECOND = 3;
const ALLOWED_GROWTH_MIB = 30;
const SAMPLE_SECONDS = 15;

export const long: Check = {
  about: '3 sign-ins a second for 30 min: nothing grows',
  withinSeconds: 2_400,
  run: (given) => onStage(ACCOUNTS, (stage) => hold(stage, given)),
};

async function hold({ crowd, product }: Stage, given: Given): Promise<Finding[]> {
  const seconds = given.seconds ?? 1_800;
  const warmUp = Math.min(300, seconds / 6);
  await crowd.run({ users: 0, perSecond: PER_SECOND, seconds: warmUp });
  await scrape(product.idps);
  const files = (): number => Math.max(...product.idps.map((idp) => idp.openFiles()));
  const before = { memory: rssMiB(product), files: files() };

  const samples: number[] = [];
  const timer = setInterval(() => samples.push(rssMiB(product)), SAMPLE_SECONDS * 1000);
  const load = { users: 0, perSecond: PER_SECOND, seconds: seconds - warmUp };
  const result = await crowd.run(load);
  const { errors } = result;
  clearInterval(timer);
  tellErrors(result, given);
  const lag = await eventLoopDelayMs(product.idps);
  // The last quarter's middle: a garbage collection that is due is no growth.
  const late = percentile([...samples.slice(-Math.ceil(samples.length / 4)), rssMiB(product)], 50);
  const allowed = Math.max(before.memory * 0.1, ALLOWED_GROWTH_MIB);
  return [
    atMost('errors', errors.length, 0),
    atMost('memory growth, MiB', late - before.memory, allowed),
    atMost('open files, growth', files() - before.files, 10),
    within('event-loop delay, p99', lag, 100, given),
  ];
}

/** Each kind once, with how many there were. */
function tellErrors({ errors }: Result, { tell }: Given): void {
  const kinds = Object.groupBy(errors, (error) => error.slice(0, 200));
  for (const [kind, all = []] of Object.entries(kinds)) tell(`${all.length} times: ${kind}`);
}

/** Since the last scrape, of the slowest process. */
async function eventLoopDelayMs(idps: Stage['product']['idps']): Promise<number> {
  const delays = idps.map(async (idp) => {
    const series = await scrape([idp]);
    return (series.get('nodejs_eventloop_lag_p99_seconds') ?? NaN) * 1000;
  });
  return Math.max(...(await Promise.all(delays)));
}

async function lookAtPublicPages(
  agent: Stage['agent'],
  signal: AbortSignal,
): Promise<readonly number[]> {
  const times: number[] = [];
  for (let turn = 0; !signal.aborted; turn += 1) {
    const path = PUBLIC_PATHS[turn % PUBLIC_PATHS.length] ?? '/';
    // No answer at all is later than any limit.
    const asked = agent.ask({ path }).catch(() => ({ ms: Infinity }));
    times.push((await asked).ms);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return times;
}
