/**
 * With TIMES=1, how long each file of tests took, from the end of the one before it in the same
 * process: `TIMES=1 npm test` prints them under the report, and each kind's sum.
 */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import type { RootHookObject } from 'mocha';

interface Row {
  readonly file: string;
  readonly seconds: number;
  /** Of the process of mocha alone; a browser's are not among them. */
  readonly cpuSeconds: number;
}

// Loaded in mocha's own process first; those that run the files inherit it.
if (process.env.TIMES === '1') {
  process.env.TIMES_FILE ??= join(mkdtempSync(join(tmpdir(), 'doorstep-times-')), 'rows');
}
const kept = process.env.TIMES_FILE;
const tests = join(import.meta.dirname, '..');
// This process began at 0.
let before = { at: 0, cpu: { user: 0, system: 0 } };

export const mochaHooks: RootHookObject = {
  afterAll(this: Mocha.Context) {
    const file = this.test?.parent?.suites[0]?.file;
    if (kept === undefined || file === undefined) return;
    const { user, system } = process.cpuUsage(before.cpu);
    const seconds = (performance.now() - before.at) / 1000;
    const row: Row = { file: relative(tests, file), seconds, cpuSeconds: (user + system) / 1e6 };
    appendFileSync(kept, `${JSON.stringify(row)}\n`);
    before = { at: performance.now(), cpu: process.cpuUsage() };
  },
};

/** What was measured, as a table; nothing without TIMES=1. */
export function timesTable(): string {
  if (kept === undefined) return '';
  const lines = readFileSync(kept, 'utf8').trim().split('\n');
  rmSync(dirname(kept), { recursive: true });
  const files = lines.map((line) => JSON.parse(line) as Row);
  const kinds = Map.groupBy(files, ({ file }) => file.split('/')[0] ?? '');
  const sums = [...kinds].map(([kind, rows]) => sumOf(`${kind}, ${rows.length} files`, rows));
  const slowest = files.toSorted((one, other) => other.seconds - one.seconds);
  return [...sums, ...slowest].map(lineOf).join('');
}

const sumOf = (file: string, rows: readonly Row[]): Row => ({
  file,
  seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
  cpuSeconds: rows.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
});

const lineOf = ({ seconds, cpuSeconds, file }: Row): string =>
  `${seconds.toFixed(1).padStart(7)} s  ${cpuSeconds.toFixed(1).padStart(6)} s CPU  ${file}\n`;
