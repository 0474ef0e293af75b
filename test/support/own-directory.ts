/**
 * A data directory of its own for whoever starts the product, with secrets that are made once
 * for each process of mocha: an RSA key takes longer than most stories.
 */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeSecrets } from '../../src/config/own-secrets.ts';

let made: ReturnType<typeof makeSecrets> | undefined;

/** Whoever asks removes it. */
export async function ownDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'doorstep-test-'));
  const secrets = JSON.stringify(await (made ??= makeSecrets()));
  await writeFile(join(directory, 'secrets.json'), secrets, { mode: 0o600 });
  return directory;
}
