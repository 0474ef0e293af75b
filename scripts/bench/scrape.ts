/**
 * Reads /metrics of the measured processes and adds them up: one number per series.
 */
import { openAgent } from './agent.ts';
import type { Idp } from './product.ts';

/** Series by name and labels, such as `doorstep_sends_total{channel="sms"}`. */
export type Series = ReadonlyMap<string, number>;

export async function scrape(idps: readonly Pick<Idp, 'metricsPort'>[]): Promise<Series> {
  const sums = new Map<string, number>();
  for (const { metricsPort } of idps) {
    const agent = openAgent({ ports: [metricsPort], host: `127.0.0.1:${metricsPort}` });
    const { text } = await agent.ask({ path: '/metrics' });
    agent.close();
    for (const [, name = '', value] of text.matchAll(/^([a-z]\S*(?:\{.*\})?) (\S+)$/gm)) {
      sums.set(name, (sums.get(name) ?? 0) + Number(value));
    }
  }
  return sums;
}

/** What was added since, where anything was. */
export const since = (before: Series, after: Series): Series =>
  new Map(
    [...after]
      .map(([name, value]) => [name, value - (before.get(name) ?? 0)] as const)
      .filter(([, more]) => more > 0),
  );
