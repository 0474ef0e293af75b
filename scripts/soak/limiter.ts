/**
 * ever new names that come from ever new addresses. What is counted is kept in the
 * database, so no process may grow with it; and what was counted first must still hold after
 * all the others, and after a restart.
 */
import { type Answer, type HttpAgent, openAgent } from '../bench/agent.ts';
import { HOST, openProduct, type Product } from '../bench/product.ts';
import { fill, formOn, next, openBrowser, post, toPassword } from '../bench/sign-in.ts';
import { moveTenantsIn } from '../bench/tenants.ts';
import { atMost, type Check, type Finding, type Given } from './check.ts';
import { rssMiB } from './stage.ts';

const TRIES = 200_000;
/** Until then a process grows by itself, as V8 lets its heap fill up: seen to end at 12,000. */
const WARM_UP = 20_000;
const AT_ONCE = 12;
/** A sign-in ends after an hour, and this takes longer. */
const TRIES_OF_ONE_SIGN_IN = 500;
const ALLOWED_GROWTH_MIB = 64;
const LOOKS = 50;
const HOUR = 3_600;
const DAY = 24 * HOUR;

/** Pauses that last longer than the check does. */
const settings = {
  server: { trustedProxies: ['127.0.0.1'] },
  limits: {
    wrongPasswords: {
      ...{ windowSeconds: DAY, firstPauseSeconds: HOUR, longestPauseSeconds: DAY },
      freeTries: 5,
    },
  },
};
const WRONG = 303;
const REFUSED = 429;

export const limiter: Check = {
  about: '200,000 names that nobody has, each from an address of its own',
  withinSeconds: 7_200,
  async run(given) {
    const product = await openProduct({
      ...{ processes: 2, database: 'beside', hash: 'cheap', metrics: false, settings },
    });
    try {
      await moveTenantsIn(product.settings, 1);
      return await guessed(product, given);
    } finally {
      await product.stop();
    }
  },
};

async function guessed(product: Product, given: Given): Promise<Finding[]> {
  const { count = TRIES } = given;
  const before = await withGuesser(product, async (guess) => [
    ...(await repeated(5, () => guess(closed))),
    await guess(closed),
    ...(await repeated(4, () => guess(almostClosed))),
  ]);
  const warm = await flood(product, { first: 0, count: Math.min(WARM_UP, count) }, given);
  const [processes, database] = [rssMiB(product), databaseMiB(product)];
  const rest = await flood(product, { first: WARM_UP, count: count - WARM_UP }, given);

  await product.restart();
  const after = await withGuesser(product, async (guess) => [
    await guess(closed),
    ...(await repeated(2, () => guess(almostClosed))),
    await guess({ name: 'someone-new', address: '192.0.2.3' }),
  ]);
  const verdicts = [...before, ...after];
  return [
    atMost('tries with another answer', warm.others + rest.others, 0),
    atMost('memory growth of a process, MiB', rest.processMiB - processes, ALLOWED_GROWTH_MIB),
    atMost('memory growth of the database, MiB', rest.databaseMiB - database, ALLOWED_GROWTH_MIB),
    atMost('wrong verdicts on the first names', differing(verdicts, rightVerdicts), 0),
  ];
}

interface Guess {
  readonly name: string;
  readonly address: string;
}

const closed: Guess = { name: 'first-of-all', address: '192.0.2.1' };
const almostClosed: Guess = { name: 'second-of-all', address: '192.0.2.2' };
const rightVerdicts = [
  // Before: five wrong ones and a sixth, then four of the other name.
  ...[WRONG, WRONG, WRONG, WRONG, WRONG, REFUSED],
  ...[WRONG, WRONG, WRONG, WRONG],
  // After: the first name is still closed, the second has one try left, others have all.
  ...[REFUSED, WRONG, REFUSED, WRONG],
];

const differing = (some: readonly number[], others: readonly number[]): number =>
  Math.abs(some.length - others.length) +
  some.filter((one, index) => one !== (others[index] ?? one)).length;

/** Most of memory while it lasts; and how many were neither right nor refused. */
async function flood(
  product: Product,
  { first, count }: { readonly first: number; readonly count: number },
  { tell }: Given,
) {
  const seen = { others: 0, processMiB: rssMiB(product), databaseMiB: databaseMiB(product) };
  const lookEvery = Math.ceil(count / LOOKS);
  const end = first + count;
  let turn = first;
  const look = (): void => {
    seen.processMiB = Math.max(seen.processMiB, rssMiB(product));
    seen.databaseMiB = Math.max(seen.databaseMiB, databaseMiB(product));
    tell(
      `${turn} names: at most ${seen.processMiB.toFixed()} and ${seen.databaseMiB.toFixed()} MiB`,
    );
  };
  await withAgent(product, (agent) =>
    Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        let guess = createGuesser(agent);
        for (let tries = 1; turn < end; tries += 1) {
          if (tries % TRIES_OF_ONE_SIGN_IN === 0) guess = createGuesser(agent);
          const index = (turn += 1);
          const status = await guess(stranger(index)).catch((error: unknown) => {
            tell(`${index}: ${String(error)}`);
            guess = createGuesser(agent);
          });
          if (status !== WRONG) seen.others += 1;
          if (index % lookEvery === 0) look();
        }
      }),
    ),
  );
  look();
  return seen;
}

const stranger = (index: number): Guess => ({
  name: `stranger-${index}`,
  address: `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`,
});

const databaseMiB = ({ database }: Product): number => database?.rssMiB() ?? NaN;

const withGuesser = (
  product: Product,
  task: (guess: Guesser) => Promise<number[]>,
): Promise<number[]> => withAgent(product, (agent) => task(createGuesser(agent)));

async function withAgent<T>({ idps }: Product, task: (agent: HttpAgent) => Promise<T>): Promise<T> {
  const agent = openAgent({ ports: idps.map(({ port }) => port), host: HOST });
  try {
    return await task(agent);
  } finally {
    agent.close();
  }
}

type Guesser = ReturnType<typeof createGuesser>;

/** One sign-in that is started again for every name, which costs least of all ways to guess. */
function createGuesser(agent: HttpAgent) {
  const browser = openBrowser(agent);
  let page: Answer | undefined;

  return async function guess({ name, address }: Guess): Promise<number> {
    browser.comesFrom(address);
    page = page ? await again(page, name) : await toPassword(browser, name);
    return (await fill(browser, 'password', page, { password: 'wrong but long enough' })).status;
  };

  async function again(last: Answer, identifier: string): Promise<Answer> {
    const { action, fields } = formOn(last);
    const to = (act: string) => action.replace(/[^/]+$/, act);
    await post(browser, 'page', { action: to('restart'), fields });
    const named = { action: to('identify'), fields: { ...fields, identifier } };
    return next(browser, await post(browser, 'user name', named));
  }
}

async function repeated<T>(times: number, task: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < times) results.push(await task());
  return results;
}
