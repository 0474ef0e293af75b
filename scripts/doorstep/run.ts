/**
 * Runs what somebody typed: a mistake of theirs is one sentence on the error output, and the exit
 * code says the rest to scripts. 0: done. 1: understood, and refused or failed, also for what is in a
 * file or on the input. 2: what was typed is not understood, and nothing was begun.
 */
import type { Readable, Writable } from 'node:stream';

import { isRefusal } from '../../src/administration/refusal.ts';
import { SettingsError } from '../../src/config/problems.ts';
import { isDatabaseAway } from '../../src/lib/database-away.ts';
import { isDiskFull } from '../../src/lib/disk-full.ts';
import { sentenceOf } from './refusals.ts';

/** Where a command is typed and read: the process, or what stands for it. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Pick<Writable, 'write'>;
  readonly stderr: Pick<Writable, 'write'>;
  exitCode?: typeof process.exitCode;
}

/** Something that whoever typed the command can put right. */
export class Mistake extends Error {}

/** It is not even a command; see its help. */
export class Misuse extends Mistake {}

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
  if (isDatabaseAway(error)) return AWAY;
  if (!(error instanceof Mistake || error instanceof SettingsError)) throw error;
  return error.message;
}

/** Another process had the embedded database and ended, or a MongoDB cannot be reached. */
const AWAY =
  'The database went away in the midst of it. What was done before is kept: look what is there, and run it again.';

const noRoom = ({ message }: Error): string =>
  `The disk is full (${message}). Make room and run it again; what was done before is kept.`;
