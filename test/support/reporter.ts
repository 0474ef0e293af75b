/**
 * Mocha's own spec report, closed by one plain line that any machine can read; before it the times,
 * where they are wanted.
 */
import { createRequire } from 'node:module';
import type Mocha from 'mocha';

import { timesTable } from './times.ts';

const { reporters } = createRequire(import.meta.url)('mocha') as typeof Mocha;

export default class ClosingLine extends reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    const skipped = pending > 0 ? `, ${pending} skipped` : '';
    process.stdout.write(timesTable());
    process.stdout.write(`\n${passes} passed, ${failures} failed${skipped}\n`);
  }
}
