/**
 * A copy of the work tree, with what is not committed yet, to be broken and mended again:
 * nobody's own files are touched. The packages are those of the original.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { Mistake } from '../doorstep/run.ts';

export interface WorkTree {
  /** By the patch's file. False where it does not fit; then nothing is changed. */
  apply(patch: string): Promise<boolean>;
  revert(patch: string): Promise<boolean>;
  test(files: readonly string[], how?: { readonly isFirstFailureEnough: true }): Promise<Ran>;
  remove(): Promise<void>;
}

interface Ran {
  readonly isGood: boolean;
  readonly output: string;
}

const root = resolve(import.meta.dirname, '../..');
/** Whatever takes longer hangs. */
const WITHIN_MILLISECONDS = 10 * 60 * 1000;

export async function copyWorkTree(signal: AbortSignal): Promise<WorkTree> {
  const runs = (command: readonly string[], cwd: string): Promise<Ran> =>
    ran(command, { cwd, signal });
  const listing = ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { isGood, output } = await runs(listing, root);
  if (!isGood) throw new Mistake(`Only a work tree of git can be copied. ${output}`);

  const folder = await mkdtemp(join(await realpath(tmpdir()), 'doorstep-mutants-'));
  // What is listed may be deleted and not committed so.
  for (const file of output.split('\0').filter((name) => name && existsSync(join(root, name)))) {
    await cp(join(root, file), join(folder, file));
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));

  const mocha = [process.execPath, 'node_modules/mocha/bin/mocha.js', '--exit'];
  const git = async (...args: readonly string[]): Promise<boolean> =>
    (await runs(['git', ...args], folder)).isGood;
  return {
    apply: (patch) => git('apply', join(root, patch)),
    revert: (patch) => git('apply', '-R', join(root, patch)),
    test: (files, how) =>
      runs([...mocha, ...(how ? ['--no-parallel', '--bail'] : []), ...files], folder),
    remove: () => rm(folder, { recursive: true }),
  };
}

interface Running {
  readonly cwd: string;
  readonly signal: AbortSignal;
}

async function ran([command = '', ...args]: readonly string[], where: Running): Promise<Ran> {
  const child = spawn(command, args, {
    ...where,
    env: environmentIn(where.cwd),
    timeout: WITHIN_MILLISECONDS,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { isGood: code === 0, output: `${output}${errors}` };
}

/** No repository around the folder is meant: inside one, a patch for other files changes nothing. */
const environmentIn = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  GIT_CEILING_DIRECTORIES: dirname(folder),
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
});
