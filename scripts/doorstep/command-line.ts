/**
 * One command from what was typed to what is printed, on any terminal: `npm run doorstep` gives
 * the process's own.
 */
import { openServices, scriptSettings } from '../services.ts';
import { didYouMean } from './arguments.ts';
import type { Command } from './command.ts';
import { helpOfAll, helpOfCommand, helpOfGroup } from './help.ts';
import { named } from './print.ts';
import { registry } from './registry.ts';
import { Misuse, run, type Terminal } from './run.ts';

export const commandLine = (typed: readonly string[], terminal: Terminal): Promise<void> =>
  run(async () => {
    const words = typed.filter((word, at) => !asksForHelp(word, at));
    const found = find(words);
    if (words.length < typed.length) return void terminal.stdout.write(found.help);
    if (found.unknown !== undefined) throw new Misuse(found.unknown);
    const { command, args = [] } = found;
    // A group alone, or nothing at all: nothing was done, which a script must notice.
    if (!command) throw new Misuse(found.help.trimEnd());

    const act = command.read(args);
    const house = await openServices(await scriptSettings(terminal.env), command);
    try {
      const output = await act(house, terminal);
      for await (const piece of typeof output === 'string' ? [output] : output) {
        terminal.stdout.write(piece);
      }
    } finally {
      await house.close();
    }
  }, terminal);

const asksForHelp = (word: string, at: number): boolean =>
  word === '--help' || word === '-h' || (word === 'help' && at === 0);

interface Found {
  /** Of the command, or else of the nearest thing that was named. */
  readonly help: string;
  readonly command?: Command;
  readonly args?: readonly string[];
  /** What is wrong where there is no such command. */
  readonly unknown?: string;
}

function find([what, ...rest]: readonly string[]): Found {
  const help = helpOfAll(registry);
  if (what === undefined) return { help };
  const entry = Object.hasOwn(registry, what) ? registry[what] : undefined;
  if (!entry) return { help, unknown: noSuch([what], Object.keys(registry)) };
  return 'commands' in entry
    ? findIn(what, entry.commands, { help: helpOfGroup(what, entry), words: rest })
    : { help: helpOfCommand(what, entry), command: entry, args: rest };
}

interface InGroup {
  readonly help: string;
  readonly words: readonly string[];
}

function findIn(
  group: string,
  commands: Readonly<Record<string, Command>>,
  { help, words: [verb, ...args] }: InGroup,
): Found {
  if (verb === undefined) return { help };
  const command = Object.hasOwn(commands, verb) ? commands[verb] : undefined;
  if (!command) return { help, unknown: noSuch([verb, group], Object.keys(commands)) };
  return { help: helpOfCommand(`${group} ${verb}`, command), command, args };
}

/** Of all commands, or of those of a group. */
function noSuch([typed, group]: readonly [string, string?], known: readonly string[]): string {
  const [where, see] = group === undefined ? ['', ''] : [` of ${group}`, `${group} `];
  return `There is no command ${named(typed)}${where}${didYouMean(typed, known)} See ${see}--help.`;
}
