/**
 * What a command is: how it is called, what its help says, and what it does.
 */
import type { Services } from '../services.ts';
import { type Filled, type Given, namesFor, type Options, parsed } from './arguments.ts';
import type { Terminal } from './run.ts';

/** Whatever is printed on standard output, piece by piece where it is long. */
type Output = string | AsyncIterable<string>;

export interface Command {
  /** Its arguments, as they are typed. */
  readonly takes: string;
  /** The first line is for the list of commands, all of them for its own help. */
  readonly about: string;
  /** Opens the database as it is, and does not even make an index. */
  readonly isReadOnly?: true;
  /** Throws Misuse for arguments that it does not know, before anything is opened. */
  read(args: readonly string[]): (house: Services, terminal: Terminal) => Promise<Output>;
}

export interface Group {
  readonly about: string;
  readonly commands: Readonly<Record<string, Command>>;
}

interface Definition<Known extends Options, Names extends readonly string[]> {
  /** What stands by itself, in order, as its help shows it. */
  readonly names?: Names;
  /** The options, as its help shows them. */
  readonly takes?: string;
  readonly about: string;
  readonly options: Known;
  run(house: Services, given: Given<Known, Filled<Names>>, terminal: Terminal): Promise<Output>;
}

/** One command; what it does not know is refused before it runs. */
export const defineCommand = <
  Known extends Options,
  const Names extends readonly string[] = readonly [],
>(
  command: Definition<Known, Names>,
): Command => {
  const { about, takes = '', options } = command;
  const wanted = command.names ?? ([] as unknown as Names); // as its default says
  return {
    takes: [...wanted, takes].join(' ').trimEnd(),
    about,
    read(args) {
      const { names, values } = parsed(args, options);
      const given = { values, names: namesFor(wanted, names) };
      return async (house, terminal) => command.run(house, given, terminal);
    },
  };
};
