/**
 * The long checks with full counts: `npm run soak`, or `npm run soak -- R-03` for one. Each
 * prints its figures beside their limits; the exit code says whether all were met.
 */
import { parsed, run } from './doorstep/command.ts';
import { table } from './doorstep/print.ts';
import { calibrate } from './soak/calibration.ts';
import type { Check, Finding, Given } from './soak/check.ts';
import { crawlers, mistakes, properties, tokens } from './soak/input.ts';
import { busy, long, steady } from './soak/load.ts';
import { overload, refreshes } from './soak/overload.ts';

/** By the numbers of the reliability tables. */
const checks: Readonly<Record<string, Check>> = {
  'R-01': steady,
  'R-02': busy,
  'R-03': overload,
  'R-04': long,
  'R-33': crawlers,
  'R-35': mistakes,
  'R-36': tokens,
  'R-37': properties,
  'R-41': refreshes,
};

const list = Object.entries(checks).map(([id, { about }]) => `  ${id}  ${about}\n`);
const help = `Usage: npm run soak -- [R-01 R-03 …] [--seconds N]

${list.join('')}
Without a number, all of them. --seconds makes R-01, R-02 and R-04 shorter or longer.
R-00, how slow this machine is now, is measured first; limits on times grow with it.
`;

const options = {
  seconds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

await run(async () => {
  const { values, names } = parsed(process.argv.slice(2), options);
  const unknown = names.filter((id) => !Object.hasOwn(checks, id));
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
    tell: (text) => process.stderr.write(`  ${text}\n`),
  };
  const wanted = Object.entries(checks).filter(([id]) => names.length === 0 || names.includes(id));
  for (const [id, check] of wanted) {
    process.stdout.write(`\n${id}  ${check.about}\n`);
    const findings = await inTime(check, given);
    process.stdout.write(table(findings.map(rowOf)));
    if (!findings.every(({ isMet }) => isMet)) process.exitCode = 1;
  }
});

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
