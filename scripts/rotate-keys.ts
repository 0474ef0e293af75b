/**
 * Changes an installation's keys without anybody noticing, one step at a time; between two
 * steps all processes are restarted, one after the other.
 */
import '../src/need-node-24.js';

import { readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { Jwks } from '../src/lib/jwks.ts';
import { parsed } from './doorstep/arguments.ts';
import { Mistake, Misuse, run } from './doorstep/run.ts';
import { reseal } from './rotate-keys/reseal.ts';
import { type History, nextOf, nextStep, ofJwks, ofSecrets } from './rotate-keys/steps.ts';
import { openServices, scriptSettings } from './services.ts';

const help = `Usage: npm run rotate-keys -- <signing|cookies|encryption> <add|promote|drop> [folder]
       npm run rotate-keys -- reseal
       npm run rotate-keys -- next [folder]

Works on the files that npm run secrets made (default folder: ./secrets). In this order, and
after each step restart all processes, one after the other:

  add       a new key, last: everybody can verify what it will sign
  promote   the new key first: from now on it signs or seals. Signing keys wait for an hour,
            so that apps have fetched the new one
  reseal    (encryption only) seals anew what older keys sealed; again, until it says 0
  drop      all but the newest, when nothing that they signed is still valid. Not for
            encryption: digests of recovery codes cannot be made anew, so its old keys stay

next says where each set of keys stands. The settings are those of the service.
`;

const HOUR = 60 * 60;

const sets = {
  signing: {
    file: 'jwks.json',
    rotation: ofJwks,
    read: (text: string) => Jwks.parse(JSON.parse(text)),
    write: (keys: Jwks) => JSON.stringify(keys, undefined, 2),
  },
  cookies: { file: 'cookie-keys', rotation: ofSecrets, read: lines, write: joined },
  encryption: { file: 'encryption-keys', rotation: ofSecrets, read: lines, write: joined },
} as const;
type SetName = keyof typeof sets;

await run(async () => {
  const options = { help: { type: 'boolean', short: 'h' } } as const;
  const { values, names } = parsed(process.argv.slice(2), options);
  const [what = '', ...rest] = names;
  process.stdout.write(values.help || !what ? help : await done(what, rest));
});

async function done(what: string, [first, second]: readonly string[]): Promise<string> {
  if (what === 'reseal') return resealAll();
  if (what === 'next') return whereAll(folderOf(first));
  if (!Object.hasOwn(sets, what)) throw new Misuse(`There are no keys "${what}"; see --help.`);
  return take(what as SetName, first ?? '', folderOf(second)); // hasOwn, above
}

async function take(name: SetName, step: string, folder: string): Promise<string> {
  if (name === 'encryption' && step === 'drop') {
    throw new Mistake('Old encryption keys stay: see --help.');
  }
  // Each set's functions fit its own keys, which a union of them forgets.
  const { file, rotation, read, write } = sets[name] as (typeof sets)['cookies'];
  const path = join(folder, file);
  const histories = await historiesIn(folder);
  const now = Math.floor(Date.now() / 1000);
  const keys = read(await readFile(path, 'utf8'));
  const waits = await waitsOf(name);
  const after = await nextStep(
    step,
    { keys, history: histories[name] ?? {} },
    { rotation, waits, now },
  );
  await replace(path, write(after.keys));
  await replace(historyFile(folder), JSON.stringify({ ...histories, [name]: after.history }));
  const next = nextOf(after.history, waits);
  return `Done. Restart all processes, one after the other; then: ${next}.\n`;
}

async function resealAll(): Promise<string> {
  const house = await openServices(await scriptSettings());
  try {
    return `${await reseal(house)} records were sealed anew.\n`;
  } finally {
    await house.close();
  }
}

async function whereAll(folder: string): Promise<string> {
  const histories = await historiesIn(folder);
  const names = Object.keys(sets) as SetName[];
  const lines = names.map(
    async (name) => `${name}: ${nextOf(histories[name] ?? {}, await waitsOf(name))}\n`,
  );
  return (await Promise.all(lines)).join('');
}

/** A session's cookie is signed, and so is the ID token that is its hint when it ends. */
async function waitsOf(name: SetName) {
  const { idTokenSeconds, sessionSeconds } = (await scriptSettings()).oidc;
  return {
    beforePromote: name === 'signing' ? HOUR : 0,
    beforeDrop: Math.max(idTokenSeconds, sessionSeconds),
  };
}

type Histories = Partial<Record<SetName, History>>;

async function historiesIn(folder: string): Promise<Histories> {
  try {
    return JSON.parse(await readFile(historyFile(folder), 'utf8')) as Histories; // by take
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}

/** Whole or not at all: a process that starts now must not read half a key. */
async function replace(path: string, content: string): Promise<void> {
  await writeFile(`${path}.new`, `${content}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
}

function historyFile(folder: string): string {
  return join(folder, 'rotation.json');
}

function folderOf(given = './secrets'): string {
  return resolve(given);
}

function lines(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

function joined(keys: readonly string[]): string {
  return keys.join('\n');
}
