/**
 * doorstep check: whether everything that is stored is as it must be.
 */
import { checkNames, type Finding } from '../../src/administration/check/check.ts';
import { type Command, defineCommand } from './command.ts';
import { jsonLine, printable } from './print.ts';
import type { Terminal } from './run.ts';

export const check: Command = {
  ...defineCommand({
    takes: '[--json]',
    about: `Looks for what must never be, and changes nothing; the service may go on.

Looks at: ${checkNames.join(', ')}. Names each finding; ends with code 1 if there is one
that is more than a note.`,
    options: { json: { type: 'boolean' } },
    async run({ administration }, { values }, terminal) {
      return reported(await administration.checks.run(), values.json ?? false, terminal);
    },
  }),
  isReadOnly: true,
};

async function* reported(
  findings: AsyncIterable<Finding>,
  json: boolean,
  terminal: Terminal,
): AsyncGenerator<string> {
  let [wrong, notes] = [0, 0];
  for await (const finding of findings) {
    if (finding.isNote) notes += 1;
    else wrong += 1;
    const { check: name, isNote, what } = finding;
    yield json ? jsonLine(finding) : `${isNote ? 'note' : 'WRONG'}  ${name}: ${printable(what)}\n`;
  }
  if (wrong > 0) terminal.exitCode = 1;
  if (!json) yield `${summaryOf(wrong, notes)}.\n`;
}

function summaryOf(wrong: number, notes: number): string {
  if (wrong > 0) return `${wrong} wrong, ${notes} to note`;
  return notes > 0 ? `All well, ${notes} to note` : 'All well';
}
