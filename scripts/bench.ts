/**
 * What a sign-in costs: `npm run bench`. Starts the product as real processes, lets many
 * people sign in over loopback and prints the figures, with the hash that production demands
 * and then with a cheap one. What each option does: `npm run bench -- --help`.
 */
import { measureMethods, type MethodFigures } from './bench/by-method.ts';
import { showSpread, short } from './bench/figures.ts';
import { type Figures, measure, type Plan } from './bench/measure.ts';
import { parsed } from './doorstep/arguments.ts';
import { run } from './doorstep/run.ts';

const help = `Usage: npm run bench -- [options]

  --processes N        IdP processes, requests to each in turn (1)
  --database WHERE     inside the IdP process, or beside it in its own (beside)
  --accounts N         in the database (1000)
  --users N            who sign in at once (8)
  --count N            sign-ins of one run (400)
  --seconds N          and its end, however few they were (60)
  --repeats N          runs that are measured (3)
  --hash KIND          real, cheap or both: see all that is not the hash (both)
  --no-metrics         without /metrics, and so without database operations
  --cpu-prof DIR       the IdP processes leave a profile there when they end
  --methods            by each method apart: a run is shared out among them
  --all                one process and two, database inside and beside, 1000 and 100000 accounts
  --json               for machines

Linux only: CPU time and memory come from /proc.
`;

const options = {
  processes: { type: 'string', default: '1' },
  database: { type: 'string', default: 'beside' },
  accounts: { type: 'string', default: '1000' },
  users: { type: 'string', default: '8' },
  count: { type: 'string', default: '400' },
  seconds: { type: 'string', default: '60' },
  repeats: { type: 'string', default: '3' },
  hash: { type: 'string', default: 'both' },
  'no-metrics': { type: 'boolean', default: false },
  'cpu-prof': { type: 'string' },
  methods: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

await run(async () => {
  const { values } = parsed(process.argv.slice(2), options);
  if (values.help) return void process.stdout.write(help);

  const base: Plan = {
    processes: Number(values.processes),
    database: values.database === 'inside' ? 'inside' : 'beside',
    hash: 'real',
    metrics: !values['no-metrics'],
    accounts: Number(values.accounts),
    users: Number(values.users),
    count: Number(values.count),
    seconds: Number(values.seconds),
    repeats: Number(values.repeats),
    ...(values['cpu-prof'] !== undefined && {
      nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`],
    }),
  };
  const hashes = values.hash === 'both' ? (['real', 'cheap'] as const) : [values.hash as 'real'];
  const shapes = values.all ? everyShape(base) : [base];
  const all: (Figures | MethodFigures)[] = [];
  for (const plan of shapes.flatMap((shape) => hashes.map((hash) => ({ ...shape, hash })))) {
    const figures = await (values.methods ? measureMethods : measure)(plan, tell);
    all.push(figures);
    if (!values.json) process.stdout.write(`${show(figures)}\n`);
  }
  if (values.json) process.stdout.write(`${JSON.stringify(all, undefined, 2)}\n`);
  if (all.some((one) => 'errors' in one && one.errors.length > 0)) process.exitCode = 1;
});

function tell(text: string): void {
  process.stderr.write(`  ${text}\n`);
}

function everyShape(base: Plan): Plan[] {
  return [1, 2].flatMap((processes) =>
    (['beside', 'inside'] as const).flatMap((database) =>
      [1_000, 100_000].map((accounts) => ({ ...base, processes, database, accounts })),
    ),
  );
}

function show(figures: Figures | MethodFigures): string {
  return 'methods' in figures ? showMethods(figures) : showSteps(figures);
}

function showMethods({ plan, accounts, methods }: MethodFigures): string {
  const { repeats, count } = plan;
  const columns = (...[name, requests, operations, cpu]: readonly string[]): string =>
    row(name ?? '', `${requests?.padEnd(16)} ${operations?.padEnd(22)} ${cpu}`);
  return [
    shapeOf(plan, accounts),
    `median of ${repeats} runs of ${count} sign-ins, shared out (least to most)`,
    '',
    columns('per sign-in', 'requests', 'database operations', 'CPU, ms'),
    ...methods.map(({ name, requests, operations, cpuMs }) =>
      columns(name, ...[requests, operations, cpuMs].map(showSpread)),
    ),
    '',
  ].join('\n');
}

function shapeOf({ processes, database, users, hash }: Plan, accounts: number): string {
  return `${processes} IdP process(es), database ${database}, ${accounts} accounts, ${users} at once, ${hash} hash;`;
}

function showSteps({ plan, milliseconds, operations = {}, errors, ...figures }: Figures): string {
  const { accounts, count, repeats } = plan;
  const sum = Object.values(operations).reduce((total, one) => total + one, 0);
  return [
    shapeOf(plan, accounts),
    `median of ${repeats} runs of at most ${count} sign-ins (least to most)`,
    '',
    row('sign-ins per second', showSpread(figures.signInsPerSecond)),
    row('CPU per sign-in, ms', showSpread(figures.cpuMsPerSignIn)),
    row('  of it the thread pool', showSpread(figures.poolCpuMsPerSignIn)),
    ...(figures.databaseCpuMsPerSignIn
      ? [row('  database process, ms', showSpread(figures.databaseCpuMsPerSignIn))]
      : []),
    row('first discovery, ms', showSpread(figures.discoveryMs)),
    row('CPU idle, ms per second', showSpread(figures.idleCpuMsPerSecond)),
    row('memory idle, MiB', showSpread(figures.idleMiB)),
    row('memory after load, MiB', showSpread(figures.loadedMiB)),
    '',
    row('milliseconds', 'p50 / p95 / p99'),
    ...Object.entries(milliseconds).map(([step, of]) =>
      row(`  ${step}`, of.map(short).join(' / ')),
    ),
    ...(sum > 0 ? ['', row('database operations', short(sum))] : []),
    ...Object.entries(operations).map(([name, each]) => row(`  ${name}`, short(each))),
    ...(errors.length > 0 ? ['', `${errors.length} sign-ins failed: ${errors[0] ?? ''}`] : []),
    '',
  ].join('\n');
}

function row(name: string, value: string): string {
  return `${name.padEnd(32)} ${value}`;
}
