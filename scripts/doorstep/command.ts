/**
 * What a command is, and what all of them have in common: how it is read, how its help
 * looks, and that a mistake of the person who typed is one sentence.
 */
import type { Readable, Writable } from 'node:stream';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { isRefusal } from '../../src/administration/refusal.ts';
import { SettingsError } from '../../src/config/problems.ts';
import { isDiskFull } from '../../src/lib/disk-full.ts';
import type { Services } from '../services.ts';
import { sentenceOf } from './refusals.ts';

type Options = ParseArgsOptionsConfig;

/** Whatever is printed on standard output, piece by piece where it is long. */
type Output = string | AsyncIterable<string>;

/** Where a command is typed and read: the process, or what stands for it. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  exitCode?: typeof process.exitCode;
}

export interface Command {
  /** Its arguments, as they are typed. */
  readonly takes: string;
  /** The first line is for the list of commands, all of them for its own help. */
  readonly about: string;
  /** Opens the database as it is, and does not even make an index. */
  readonly isReadOnly?: true;
  run(house: Services, args: readonly string[], terminal: Terminal): Promise<Output>;
}

export interface Group {
  readonly about: string;
  readonly commands: Readonly<Record<string, Command>>;
}

/** What was typed behind a command's name. */
interface Given<Known extends Options> {
  readonly names: readonly string[];
  readonly values: ReturnType<
    typeof parseArgs<{ options: Known; allowPositionals: true }>
  >['values'];
}

interface Definition<Known extends Options> {
  readonly takes: string;
  readonly about: string;
  readonly options: Known;
  run(house: Services, given: Given<Known>, terminal: Terminal): Promise<Output>;
}

/** One command; what it does not know is refused before it runs. */
export const defineCommand = <Known extends Options>(command: Definition<Known>): Command => ({
  takes: command.takes,
  about: command.about,
  run: async (house, args, terminal) => command.run(house, parsed(args, command.options), terminal),
});

/** Something that whoever typed the command can put right. */
export class Mistake extends Error {}

/** It is not even a command; see its help. */
export class Misuse extends Mistake {}

/** Exit codes: 1 for what could not be done, 2 for what could not be understood. */
export async function run(
  command: () => Promise<void>,
  terminal: Pick<Terminal, 'stderr' | 'exitCode'> = process,
): Promise<void> {
  try {
    await command();
  } catch (error) {
    terminal.stderr.write(`${explained(error)}\n`);
    terminal.exitCode = error instanceof Misuse ? 2 : 1;
  }
}

/** In one line; throws what only its stack explains. */
function explained(error: unknown): string {
  if (isDiskFull(error)) return noRoom(error as Error);
  if (isRefusal(error)) return sentenceOf(error);
  if (!(error instanceof Mistake || error instanceof SettingsError)) throw error;
  return error.message;
}

const noRoom = ({ message }: Error): string =>
  `The disk is full (${message}). Make room and run it again; what was done before is kept.`;

/** Throws Misuse for what is not among the options. */
export function parsed<Known extends Options>(
  args: readonly string[],
  options: Known,
): Given<Known> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true as const,
    });
    return { names: positionals, values };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    // It explains what it does not know, and then how to escape it, which nobody asked for.
    const [explained = ''] = error.message.split('. To specify');
    throw new Misuse(`${explained.replace(/\.$/, '')}; see --help.`);
  }
}

/** The one name that a command needs. */
export function onlyOne([name, ...rest]: readonly string[], what: string): string {
  if (!name || rest.length > 0) throw new Misuse(`Exactly one ${what} is needed.`);
  return name;
}
