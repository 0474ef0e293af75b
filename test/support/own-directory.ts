/**
 * A data directory of its own for whoever starts the product, with secrets that are made once
 * for each process of mocha: an RSA key takes longer than most stories. In memory where this
 * machine has room for it, because stories of power cuts have directories of their own.
 */
import { mkdtemp, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeSecrets } from '../../src/config/own-secrets.ts';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 30;

let made: ReturnType<typeof makeSecrets> | undefined;

/** Whoever asks removes it. */
export async function ownDirectory(): Promise<string> {
  const directory = await mkdtemp(join(await quickest(), 'doorstep-test-'));
  const secrets = JSON.stringify(await (made ??= makeSecrets()));
  await writeFile(join(directory, 'secrets.json'), secrets, { mode: 0o600 });
  return directory;
}

async function quickest(): Promise<string> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize > ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
