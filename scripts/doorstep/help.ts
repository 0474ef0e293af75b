/**
 * The help of the command line: of all of it, of a group, of a command.
 */
import type { Command, Group } from './command.ts';

const USAGE = 'Usage: npm run doorstep --';

const FOOTER = `The settings are those of the service: set the same variables. Without any of them this
works on the database of npm start.

Exit codes: 0 done, 1 understood, and refused or failed (also for what is in a file or on the
input), 2 not understood, and not begun.
`;

export function helpOfAll(registry: Readonly<Record<string, Group | Command>>): string {
  const rows = Object.entries(registry).map(([name, entry]) => {
    const about = summaryOf(entry.about);
    const commands = 'commands' in entry ? Object.keys(entry.commands).join(', ') : '';
    return `  ${name.padEnd(10)} ${about}${commands && `\n${' '.repeat(13)}${commands}`}`;
  });
  return `${USAGE} <what> <command> [arguments]\n\n${rows.join('\n')}\n
Each of them says more with --help.\n\n${FOOTER}`;
}

export function helpOfGroup(name: string, { about, commands }: Group): string {
  const rows = Object.entries(commands).map(
    ([command, { takes, about: does }]) =>
      `  ${`${command} ${takes}`.trim()}\n      ${summaryOf(does)}`,
  );
  return `${USAGE} ${name} <command> [arguments]\n\n${about}\n\n${rows.join('\n')}\n`;
}

/** The first sentence, whole wherever its lines end. */
const summaryOf = (about: string): string => {
  const [paragraph = ''] = about.split('\n\n');
  const [sentence = ''] = /^.*?(?:[.;:](?=\s)|$)/.exec(paragraph.replaceAll('\n', ' ')) ?? [];
  return sentence.replace(/[;:]$/, '.');
};

export const helpOfCommand = (name: string, { takes, about }: Command): string =>
  `${`${USAGE} ${name} ${takes}`.trimEnd()}\n\n${about}\n`;
