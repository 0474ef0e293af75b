/**
 * Where the checks of load take place: two IdP processes, the database in a third, accounts
 * in it, and a crowd that signs in.
 */
import { type HttpAgent, openAgent } from '../bench/agent.ts';
import { percentile } from '../bench/figures.ts';
import { createCrowd, type Crowd, type Result } from '../bench/load.ts';
import { HOST, openProduct, type Product, type Wanted } from '../bench/product.ts';
import type { StepName } from '../bench/sign-in.ts';
import { moveTenantsIn } from '../bench/tenants.ts';

export interface Stage {
  readonly product: Product;
  readonly agent: HttpAgent;
  readonly crowd: Crowd;
}

const WARM_UP = 100;

/** The product, warmed up; gone when the task is over, however it ended. */
export async function onStage<T>(
  accounts: number,
  task: (stage: Stage) => Promise<T>,
  more: Partial<Wanted> = {},
): Promise<T> {
  const product = await openProduct({
    ...{ processes: 2, database: 'beside', hash: 'real', metrics: true },
    ...more,
  });
  try {
    await moveTenantsIn(product.settings, accounts);
    const agent = openAgent({ ports: product.idps.map(({ port }) => port), host: HOST });
    const crowd = createCrowd(agent, accounts);
    await crowd.run({ users: 4, count: WARM_UP });
    const result = await task({ product, agent, crowd });
    agent.close();
    return result;
  } finally {
    await product.stop();
  }
}

export const p99 = ({ times }: Result, ...names: readonly (StepName | 'whole')[]): number =>
  percentile(
    names.flatMap((name) => times.get(name) ?? []),
    99,
  );

export const rssMiB = ({ idps }: Product): number => Math.max(...idps.map((idp) => idp.rssMiB()));
