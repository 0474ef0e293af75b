/**
 * Secrets made by us: for a first try on the developer's own machine, kept in the data
 * directory over restarts, and for `npm run secrets`, which makes an installation's.
 */
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { randomId, randomToken } from '../lib/codes.ts';
import { generateJwks } from '../lib/jwks.ts';
import { generateVapidKey } from '../lib/vapid.ts';
import type { Secrets } from './secrets.ts';

const SECRET_BYTES = 48;

/** A new set, all of it random. */
export async function makeSecrets(): Promise<Required<Secrets>> {
  return {
    cookieKeys: [randomToken(SECRET_BYTES)],
    encryptionKeys: [randomToken(SECRET_BYTES)],
    jwks: await generateJwks(),
    vapidKey: await generateVapidKey(),
  };
}

/** The data directory's own secrets, made at the first call. */
export async function ownSecrets(directory: string): Promise<unknown> {
  const file = join(directory, 'secrets.json');
  const kept = await readIfThere(file);
  if (kept !== undefined) return JSON.parse(kept);

  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = join(directory, `secrets-${randomId()}.json`);
  try {
    await writeFile(draft, JSON.stringify(await makeSecrets(), undefined, 2), { mode: 0o600 });
    // Of two processes that start at once, link lets only the first one name its file.
    await link(draft, file).catch(unlessCode('EEXIST'));
  } finally {
    await rm(draft, { force: true });
  }
  return JSON.parse(await readFile(file, 'utf8'));
}

const readIfThere = (file: string): Promise<string | undefined> =>
  readFile(file, 'utf8').catch(unlessCode('ENOENT'));

const unlessCode =
  (code: string) =>
  (error: unknown): undefined => {
    if ((error as NodeJS.ErrnoException).code !== code) throw error;
  };
