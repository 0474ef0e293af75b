/**
 * The usual report, and before its closing line a table: a client a row, with its version, what
 * it did, and how long that took with everything that had to be started for it.
 */
import type Mocha from 'mocha';

import ClosingLine from '../../test/support/reporter.ts';

interface Row {
  readonly client: string;
  readonly version: string;
  readonly passed: string[];
  seconds: number;
}

export default class Table extends ClosingLine {
  readonly #rows: Row[] = [];

  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    let begunAt = 0;
    runner.on('suite', ({ title, parent }) => {
      if (!parent?.root) return;
      const [client = '', version = ''] = title.split(' ');
      this.#rows.push({ client, version, passed: [], seconds: 0 });
      begunAt = performance.now();
    });
    runner.on('pass', ({ title }) => this.#rows.at(-1)?.passed.push(title));
    runner.on('fail', ({ title }) => this.#rows.at(-1)?.passed.push(`NOT: ${title}`));
    runner.on('suite end', ({ parent }) => {
      const row = this.#rows.at(-1);
      if (row && parent?.root) row.seconds = (performance.now() - begunAt) / 1000;
    });
  }

  override epilogue(): void {
    const lines = this.#rows.map(({ client, version, passed, seconds }) => [
      client,
      version,
      `${seconds.toFixed(1)} s`,
      passed.join(', '),
    ]);
    const all = [['client', 'version', 'took', 'passed'], ...lines];
    const widthOf = (column: number): number =>
      Math.max(...all.map((line) => line[column]?.length ?? 0));
    const table = all.map((line) => line.map((cell, at) => cell.padEnd(widthOf(at))).join('  '));
    process.stdout.write(`\n${table.map((line) => line.trimEnd()).join('\n')}\n`);
    super.epilogue();
  }
}
