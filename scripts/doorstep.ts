/**
 * The command line: people, apps and more of an installation, in the database that its
 * settings name. Works beside a running service. What it does is in src/administration;
 * here and in doorstep/ is only how that is asked for and shown.
 */
import '../src/need-node-24.js';

import { type Command, Misuse, run } from './doorstep/command.ts';
import { helpOfAll, helpOfCommand, helpOfGroup } from './doorstep/help.ts';
import { registry } from './doorstep/registry.ts';
import { openHousehold, scriptSettings } from './household.ts';

await run(async () => {
  const [what = '', ...rest] = process.argv.slice(2);
  const asksForHelp = [what, ...rest].some((arg) => arg === '--help' || arg === '-h');
  const { name, command, args, help } = find(what, rest);
  if (asksForHelp || !what) return void process.stdout.write(help);
  if (!command) throw new Misuse(`There is no command "${name}"; see --help.`);

  const house = await openHousehold(await scriptSettings(), command);
  try {
    const output = await command.run(house, args);
    for await (const piece of typeof output === 'string' ? [output] : output) {
      process.stdout.write(piece);
    }
  } finally {
    await house.close();
  }
});

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
