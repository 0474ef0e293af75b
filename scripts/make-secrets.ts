/**
 * Makes an installation's secrets, one file each, for the variables with _FILE. Never
 * overwrites: an encryption key that is gone takes everything with it that it sealed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { makeSecrets } from '../src/config/own-secrets.ts';
import { parsed } from './doorstep/arguments.ts';
import { run } from './doorstep/run.ts';

const help = `Usage: npm run secrets -- [folder]

Writes cookie-keys, encryption-keys, jwks.json and vapid-key into the folder (default:
./secrets), readable for you alone, and says how to name them. Files that are there are kept.
`;

await run(async () => {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, names } = parsed(process.argv.slice(2), options);
  if (values.help) return void process.stdout.write(help);

  const folder = resolve(names[0] ?? './secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { cookieKeys, encryptionKeys, jwks, vapidKey } = await makeSecrets();
  const files = [
    ['COOKIE_KEYS_FILE', 'cookie-keys', cookieKeys.join('\n')],
    ['ENCRYPTION_KEYS_FILE', 'encryption-keys', encryptionKeys.join('\n')],
    ['JWKS_FILE', 'jwks.json', JSON.stringify(jwks, undefined, 2)],
    ['VAPID_KEY_FILE', 'vapid-key', vapidKey],
  ] as const;

  for (const [variable, name, content] of files) {
    const file = join(folder, name);
    const note = (await writeNew(file, content)) ? '' : '   # was there already, kept';
    process.stdout.write(`${variable}=${file}${note}\n`);
  }
});

/** False where the file is there already. */
async function writeNew(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, `${content}\n`, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
