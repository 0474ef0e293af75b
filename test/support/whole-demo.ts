/**
 * The demo as `npm start` brings it up, in processes of its own and with a data directory that
 * is gone afterwards.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';

import { ownDirectory } from './own-directory.ts';

export interface WholeDemo {
  /** The demo app's address. */
  readonly app: string;
  close(): Promise<void>;
}

export async function openWholeDemo(): Promise<WholeDemo> {
  const directory = await ownDirectory();
  const child = spawn(process.execPath, ['scripts/dev.ts'], {
    env: { PATH: process.env.PATH, DATA_DIRECTORY: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit');
  const complaints: string[] = [];
  createInterface(child.stderr).on('line', (line) => complaints.push(line));
  const app = await Promise.race([appIn(createInterface(child.stdout)), ended]);
  if (typeof app !== 'string') throw new Error(complaints.join('\n'));
  return {
    app,
    async close() {
      child.kill();
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

/** As the welcome names it, which is printed when everything is there. */
async function appIn(lines: AsyncIterable<string>): Promise<string> {
  let app: string | undefined;
  for await (const line of lines) {
    app ??= /Demo app +(http:\S+)/.exec(line)?.[1];
    if (app !== undefined && line.includes('Ctrl-C')) return app;
  }
  throw new Error('the demo did not start');
}
