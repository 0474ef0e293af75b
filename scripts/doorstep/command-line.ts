/**
 * One command from what was typed to what is printed, on any terminal: `npm run doorstep` gives
 * the process's own.
 */
import { openServices, scriptSettings } from '../services.ts';
import { type Command, Misuse, run, type Terminal } from './command.ts';
import { helpOfAll, helpOfCommand, helpOfGroup } from './help.ts';
import { registry } from './registry.ts';

export const commandLine = (typed: readonly string[], terminal: Terminal): Promise<void> =>
  run(async () => {
    const [what = '', ...rest] = typed;
    const asksForHelp = typed.some((arg) => arg === '--help' || arg === '-h');
    const { name, command, args, help } = find(what, rest);
    if (asksForHelp || !what) return void terminal.stdout.write(help);
    if (!command) {
      const isGroup = Object.hasOwn(registry, what);
      const whatIsWrong = name === what && isGroup ? 'needs a command' : 'is no command';
      throw new Misuse(`"${name}" ${whatIsWrong}; see ${isGroup ? `${what} ` : ''}--help.`);
    }

    const house = await openServices(await scriptSettings(terminal.env), command);
    try {
      const output = await command.run(house, args, terminal);
      for await (const piece of typeof output === 'string' ? [output] : output) {
        terminal.stdout.write(piece);
      }
    } finally {
      await house.close();
    }
  }, terminal);

interface Found {
  readonly name: string;
  readonly command?: Command;
  readonly args: readonly string[];
  /** Of the command, or else of the nearest thing that was named. */
  readonly help: string;
}

function find(what: string, rest: readonly string[]): Found {
  const entry = Object.hasOwn(registry, what) ? registry[what] : undefined;
  if (!entry) return { name: [what, ...rest].join(' '), args: rest, help: helpOfAll(registry) };
  if (!('commands' in entry)) {
    return { name: what, command: entry, args: rest, help: helpOfCommand(what, entry) };
  }
  const [verb = '', ...args] = rest;
  const name = `${what} ${verb}`.trim();
  const command = Object.hasOwn(entry.commands, verb) ? entry.commands[verb] : undefined;
  return command
    ? { name, command, args, help: helpOfCommand(name, command) }
    : { name, args, help: helpOfGroup(what, entry) };
}
