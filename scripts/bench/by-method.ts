/**
 * What a sign-in costs by each method, from the app's request to userinfo: every run lets as many
 * people sign in by each, one method after the other, and nobody twice.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { CALLBACK_SECRET, openCarrier } from '../../test/support/carrier.ts';
import { openAgent } from './agent.ts';
import { openDoor } from './door.ts';
import { type Spread, spreadOf } from './figures.ts';
import type { Plan } from './measure.ts';
import { createWays, type Way } from './methods.ts';
import { HOST, openProduct, type Product } from './product.ts';
import { scrape, since } from './scrape.ts';
import { backToApp, newVerifier, openBrowser } from './sign-in.ts';
import { moveTenantsIn } from './tenants.ts';

export interface MethodFigures {
  readonly plan: Plan;
  readonly accounts: number;
  readonly methods: readonly MethodFigure[];
}

/** Per sign-in, over the runs. */
interface MethodFigure {
  readonly name: string;
  /** To the product, also by phones and carriers. */
  readonly requests: Spread;
  readonly operations: Spread;
  /** Of all IdP processes together. */
  readonly cpuMs: Spread;
}

type Cost = Readonly<Record<keyof Omit<MethodFigure, 'name'>, number>>;

/** What is still on its way when the last answer is there. */
const SETTLE_MS = 1_500;
const ROOMY = { perPrefixInAnHour: 1_000, perCountryInAnHour: 100_000 };

export async function measureMethods(
  plan: Plan,
  tell: (text: string) => void,
): Promise<MethodFigures> {
  const carrier = await openCarrier();
  const settings = {
    channels: {
      sms: { url: carrier.url },
      voice: { url: carrier.callsUrl, callbackSecret: CALLBACK_SECRET },
    },
    limits: { sends: { ...ROOMY, perServiceInAnHour: 1_000_000 } },
    policy: {
      trustedBrowsers: { days: 30 },
      methods: { 'security-key': { signIn: true }, call: { signIn: true } },
    },
  };
  const product = await openProduct({ ...plan, metrics: true, settings });
  const door = await openDoor(product.idps.map(({ port }) => port));
  try {
    const ways = createWays({ carrier, door: door.address });
    return await runs(product, { plan, ways, tell });
  } finally {
    door.close();
    await product.stop();
    await carrier.close();
  }
}

interface Wanted {
  readonly plan: Plan;
  readonly ways: Readonly<Record<string, Way>>;
  readonly tell: (text: string) => void;
}

async function runs(product: Product, { plan, ways, tell }: Wanted): Promise<MethodFigures> {
  const all = Object.entries(ways);
  const each = Math.ceil(plan.count / all.length);
  const placesOf = (index: number) => all[Math.floor(index / each) % all.length];
  const accounts = (plan.repeats + 1) * all.length * each;
  tell(`moving ${accounts} accounts in`);
  await moveTenantsIn(product.settings, accounts, (index, seal) => {
    const [, way] = placesOf(index) ?? [];
    if (!way) throw new Error('nobody signs in by nothing');
    return way.holds(index, seal);
  });
  const costs = new Map<string, Cost[]>();
  for (let run = 0; run <= plan.repeats; run += 1) {
    tell(run === 0 ? 'warming up' : `run ${run} of ${plan.repeats}`);
    for (const [place, [name, way]] of all.entries()) {
      const first = (run * all.length + place) * each;
      const cost = await costOf(product, way, { first, count: each, users: plan.users });
      if (run > 0) costs.set(name, [...(costs.get(name) ?? []), cost]);
    }
  }
  const methods = [...costs].map(([name, found]) => ({
    name,
    requests: spreadOf(found.map(({ requests }) => requests)),
    operations: spreadOf(found.map(({ operations }) => operations)),
    cpuMs: spreadOf(found.map(({ cpuMs }) => cpuMs)),
  }));
  return { plan, accounts, methods };
}

interface Crowd {
  /** Of the accounts. */
  readonly first: number;
  readonly count: number;
  readonly users: number;
}

async function costOf({ idps }: Product, way: Way, crowd: Crowd): Promise<Cost> {
  const agent = openAgent({ ports: idps.map(({ port }) => port), host: HOST });
  const people = Array.from({ length: crowd.count }, (_, at) => ({
    index: crowd.first + at,
    browser: openBrowser(agent),
  }));
  const { prepares } = way;
  if (prepares) await together(people, crowd.users, prepares);
  await pause(SETTLE_MS);
  const before = { series: await scrape(idps), cpu: cpuOf(idps) };
  await together(people, crowd.users, async (who) => {
    const verifier = newVerifier();
    await backToApp(who.browser, await way.signsIn(who, verifier), verifier);
  });
  await pause(SETTLE_MS);
  const after = { series: await scrape(idps), cpu: cpuOf(idps) };
  agent.close();

  const added = since(before.series, after.series);
  const perSignIn = (timer: string): number =>
    [...added]
      .filter(([name]) => name.startsWith(`doorstep_${timer}_seconds_count`))
      .reduce((sum, [, more]) => sum + more, 0) / crowd.count;
  return {
    requests: perSignIn('http_request'),
    operations: perSignIn('database_operation'),
    cpuMs: (after.cpu - before.cpu) / crowd.count,
  };
}

const cpuOf = (idps: Product['idps']): number => idps.reduce((sum, idp) => sum + idp.cpu().all, 0);

/** So many at once, until everybody has. */
async function together<T>(
  all: readonly T[],
  users: number,
  task: (one: T) => Promise<unknown>,
): Promise<void> {
  const left = [...all];
  await Promise.all(
    Array.from({ length: users }, async () => {
      for (let one = left.shift(); one; one = left.shift()) await task(one);
    }),
  );
}
