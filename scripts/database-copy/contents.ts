/**
 * A copy's list of contents: which collections it has, with how many documents and which
 * indexes. It is written last, so a copy that was interrupted has none.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EJSON } from 'bson';
import { z } from 'zod';

import { Mistake } from '../doorstep/run.ts';

const Contents = z.record(
  z.string(),
  z.strictObject({
    documents: z.int().nonnegative(),
    indexes: z.array(z.looseObject({ key: z.record(z.string(), z.unknown()), name: z.string() })),
  }),
);
export type Contents = z.infer<typeof Contents>;

const listIn = (folder: string): string => join(folder, 'contents.json');

/** Whatever a collection is called, its file stays in the folder. */
export const fileFor = (folder: string, collection: string): string =>
  join(folder, `${encodeURIComponent(collection)}.jsonl`);

export async function writeContents(folder: string, contents: Contents): Promise<void> {
  const draft = `${listIn(folder)}.draft`;
  await writeFile(draft, `${EJSON.stringify(contents, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, listIn(folder));
}

export const forgetContents = (folder: string): Promise<void> =>
  rm(listIn(folder), { force: true });

export async function readContents(folder: string): Promise<Contents> {
  const file = listIn(folder);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(`${file} cannot be read: no complete copy is in this folder.`);
  });
  try {
    return Contents.parse(EJSON.parse(text));
  } catch (error) {
    throw new Mistake(`${file} is not what an export writes: ${String(error)}`);
  }
}
