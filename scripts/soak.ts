/**
 * The long checks with full counts: `npm run soak`, or `npm run soak -- R-03` for one. Each
 * prints its figures beside their limits; the exit code says whether all were met.
 */
import os from 'node:os';

import { parsed } from './doorstep/arguments.ts';
import { table } from './doorstep/print.ts';
import { run } from './doorstep/run.ts';
import { calibrate } from './soak/calibration.ts';
import { atMost, type Check, type Finding, type Given } from './soak/check.ts';
import { checks } from './soak/checks.ts';

const list = Object.entries(checks).map(([id, { about }]) => `  ${id.padEnd(7)}  ${about}\n`);
const help = `Usage: npm run soak -- [R-01 R-03 …] [--seconds N] [--count N]

${list.join('')}
Without a name, all of them. --seconds makes R-01, R-02 and R-04 shorter or longer, and the
sign-ins of R-40; --count makes R-39 and R-40 smaller or larger. --list prints the names.
R-00, how slow this machine is now, is measured first; limits on times grow with it.
`;

const options = {
  seconds: { type: 'string' },
  count: { type: 'string' },
  list: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

await run(async () => {
  const { values, names } = parsed(process.argv.slice(2), options);
  const unknown = names.filter((id) => !Object.hasOwn(checks, id));
  if (values.list) return void process.stdout.write(list.join(''));
  if (values.help || unknown.length > 0) {
    process.stdout.write(help);
    if (unknown.length > 0) process.exitCode = 2;
    return;
  }
  const { hashMs, requestMs, factor } = await calibrate();
  const figures = `hash ${hashMs.toFixed(1)} ms, request ${requestMs.toFixed(2)} ms`;
  process.stdout.write(`R-00  ${figures}: times may be ${factor.toFixed(2)} as long\n`);

  const given: Given = {
    factor,
    ...(values.seconds !== undefined && { seconds: Number(values.seconds) }),
    ...(values.count !== undefined && { count: Number(values.count) }),
    tell: (text) => process.stderr.write(`  ${text}\n`),
  };
  const wanted = Object.entries(checks).filter(([id]) => names.length === 0 || names.includes(id));
  for (const [id, check] of wanted) {
    process.stdout.write(`\n${id}  ${check.about}\n`);
    const begun = performance.now();
    const findings = await findingsOf(check, given);
    process.stdout.write(table(findings.map(rowOf)));
    const seconds = Math.round((performance.now() - begun) / 1000);
    // Beside whoever else was at work, times say little about the product.
    const load = `${os.loadavg()[0]?.toFixed(1)} on ${os.availableParallelism()} processors`;
    process.stdout.write(`      after ${seconds} s; load average ${load}\n`);
    if (!findings.every(({ isMet }) => isMet)) process.exitCode = 1;
  }
});

/** One that breaks is one that failed; those after it are run all the same. */
async function findingsOf(check: Check, given: Given): Promise<readonly Finding[]> {
  try {
    return await inTime(check, given);
  } catch (error) {
    given.tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return [atMost('checks that broke', 1, 0)];
  }
}

async function inTime(check: Check, given: Given): Promise<readonly Finding[]> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error('took too long')),
    check.withinSeconds * 1000 * given.factor,
  );
  try {
    return await Promise.race([check.run(given), late]);
  } finally {
    clearTimeout(timer);
  }
}

function rowOf({ what, figure, limit, isMet }: Finding): string[] {
  const round = (value: number): string => String(Math.round(value * 100) / 100);
  return ['     ', isMet ? 'met' : 'MISSED', what, round(figure), `≤ ${round(limit)}`];
}
