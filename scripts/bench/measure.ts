/**
 * One bench: the product in one shape, warmed up, then measured several times. What is
 * wanted once (start, memory, database operations) is measured beside it.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { openAgent } from './agent.ts';
import { type Spread, percentile, spreadOf } from './figures.ts';
import { createCrowd, type Load, type Result } from './load.ts';
import { HOST, openProduct, type Product, type Wanted } from './product.ts';
import { scrape, since } from './scrape.ts';
import { type StepName, steps } from './sign-in.ts';
import { moveTenantsIn } from './tenants.ts';

export interface Plan extends Wanted {
  readonly accounts: number;
  readonly users: number;
  /** Sign-ins of one repeat. */
  readonly count: number;
  readonly seconds: number;
  readonly repeats: number;
}

export interface Figures {
  readonly plan: Plan;
  readonly signInsPerSecond: Spread;
  /** p50, p95 and p99 over all repeats. */
  readonly milliseconds: Readonly<Record<string, readonly [number, number, number]>>;
  /** Of all IdP processes together, and what of it libuv's pool used. */
  readonly cpuMsPerSignIn: Spread;
  readonly poolCpuMsPerSignIn: Spread;
  readonly databaseCpuMsPerSignIn?: Spread;
  readonly discoveryMs: Spread;
  readonly idleMiB: Spread;
  /** Of each IdP process, while nobody signs in; the figures per sign-in include it. */
  readonly idleCpuMsPerSecond: Spread;
  readonly loadedMiB: Spread;
  readonly operations?: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
}

const SETTLE_MS = 1_500;
const IDLE_SECONDS = 5;

export async function measure(plan: Plan, tell: (text: string) => void): Promise<Figures> {
  const product = await openProduct(plan);
  try {
    return await measureOn(product, plan, tell);
  } finally {
    await product.stop();
  }
}

async function measureOn(
  product: Product,
  plan: Plan,
  tell: (text: string) => void,
): Promise<Figures> {
  const starts = product.idps.map(({ startedInMs }) => startedInMs);
  for (let index = 1; index < plan.repeats; index += 1) {
    await product.restart();
    starts.push(...product.idps.map(({ startedInMs }) => startedInMs));
  }
  await settle();
  const idle = product.idps.map((idp) => idp.rssMiB());
  const idleCpu = await idling(product);
  tell(`moving ${plan.accounts} accounts in`);
  await moveTenantsIn(product.settings, plan.accounts);

  const agent = openAgent({ ports: product.idps.map(({ port }) => port), host: HOST });
  const crowd = createCrowd(agent, plan.accounts);
  tell('warming up');
  const load: Load = { users: plan.users, count: plan.count, seconds: plan.seconds };
  await crowd.run({ ...load, count: Math.ceil(plan.count / 2) });

  const before = plan.metrics ? await scrape(product.idps) : new Map<string, number>();
  const runs: Run[] = [];
  for (let repeat = 1; repeat <= plan.repeats; repeat += 1) {
    tell(`run ${repeat} of ${plan.repeats}`);
    runs.push(await watched(product, () => crowd.run(load)));
  }
  const signIns = runs.reduce((sum, { result }) => sum + result.signIns, 0);
  const after = plan.metrics ? await scrape(product.idps) : before;
  await settle();
  agent.close();

  return {
    plan,
    signInsPerSecond: spreadOf(runs.map(({ result }) => result.signIns / result.seconds)),
    milliseconds: percentiles(runs.map(({ result }) => result)),
    cpuMsPerSignIn: spreadOf(runs.map(({ cpu }) => cpu)),
    poolCpuMsPerSignIn: spreadOf(runs.map(({ pool }) => pool)),
    ...(product.database && {
      databaseCpuMsPerSignIn: spreadOf(runs.map(({ database }) => database)),
    }),
    discoveryMs: spreadOf(starts),
    idleMiB: spreadOf(idle),
    idleCpuMsPerSecond: spreadOf(idleCpu),
    loadedMiB: spreadOf(product.idps.map((idp) => idp.rssMiB())),
    ...(plan.metrics && { operations: operationsIn(since(before, after), signIns) }),
    errors: runs.flatMap(({ result }) => result.errors),
  };
}

interface Run {
  readonly result: Result;
  /** Milliseconds per sign-in. */
  readonly cpu: number;
  readonly pool: number;
  readonly database: number;
}

async function idling({ idps }: Product): Promise<number[]> {
  const before = idps.map((idp) => idp.cpu().all);
  await pause(IDLE_SECONDS * 1000);
  return idps.map((idp, index) => (idp.cpu().all - (before[index] ?? 0)) / IDLE_SECONDS);
}

async function watched({ idps, database }: Product, task: () => Promise<Result>): Promise<Run> {
  const read = () => {
    const cpus = idps.map((idp) => idp.cpu());
    const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);
    return {
      cpu: sum(cpus.map(({ all }) => all)),
      pool: sum(cpus.map(({ pool }) => pool)),
      database: database?.cpu().all ?? 0,
    };
  };
  const before = read();
  const result = await task();
  const after = read();
  const each = (what: keyof typeof before): number => (after[what] - before[what]) / result.signIns;
  return { result, cpu: each('cpu'), pool: each('pool'), database: each('database') };
}

function percentiles(results: readonly Result[]): Figures['milliseconds'] {
  const names: readonly (StepName | 'whole')[] = [...steps, 'whole'];
  return Object.fromEntries(
    names.map((name) => {
      const all = results.flatMap(({ times }) => times.get(name) ?? []);
      return [name, [50, 95, 99].map((percent) => percentile(all, percent))];
    }),
  ) as unknown as Figures['milliseconds']; // three percents make three figures
}

/** Per sign-in, by collection and command. */
function operationsIn(added: ReadonlyMap<string, number>, signIns: number) {
  const series = /^doorstep_database_operation_seconds_count\{(.*)\}$/;
  const found = [...added].flatMap(([name, value]) => {
    const labels = series.exec(name)?.[1];
    const label = (which: string): string =>
      new RegExp(`${which}="([^"]*)"`).exec(labels ?? '')?.[1] ?? '';
    return labels === undefined
      ? []
      : [[`${label('collection')} ${label('command')}`, value / signIns] as const];
  });
  return Object.fromEntries(found.toSorted(([, a], [, b]) => b - a));
}

const settle = (): Promise<unknown> => pause(SETTLE_MS);
