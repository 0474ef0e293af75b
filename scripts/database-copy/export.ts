/**
 * Copies a database into a folder: a file for each collection, a line of canonical MongoDB
 * Extended JSON (version 2) for each document, as mongoimport reads it.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { deserialize, EJSON, serialize } from 'bson';
import type { Document } from 'bson';
import type { Connection } from 'mongoose';

import { Mistake } from '../doorstep/run.ts';
import { fileFor, forgetContents, writeContents } from './contents.ts';
import type { Contents } from './contents.ts';

type Database = NonNullable<Connection['db']>;
type Collection = ReturnType<Database['collection']>;

/** A folder that has an earlier copy is written anew. Returns what was copied. */
export async function exportDatabase(database: Database, folder: string): Promise<Contents> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await forgetContents(folder);
  const contents: Contents = {};
  for (const { name } of await database.listCollections({}, { nameOnly: true }).toArray()) {
    if (name.startsWith('system.')) continue;
    const collection = database.collection(name);
    contents[name] = {
      documents: await exportCollection(collection, fileFor(folder, name)),
      indexes: await indexesOf(collection),
    };
  }
  await writeContents(folder, contents);
  return contents;
}

async function exportCollection(collection: Collection, file: string): Promise<number> {
  let documents = 0;
  async function* lines(): AsyncGenerator<string> {
    // In the order of _id, so that what changes meanwhile is not met twice. Raw, they are buffers.
    for await (const raw of collection.find({}, { raw: true, sort: { _id: 1 } })) {
      documents++;
      yield `${lineFor(collection, raw as unknown as Uint8Array)}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(`${file}.draft`, { mode: 0o600 }));
  await rename(`${file}.draft`, file);
  return documents;
}

/** Throws for a document that would come back other than it went. */
function lineFor({ collectionName }: Collection, raw: Uint8Array): string {
  const document = deserialize(raw, { promoteValues: false, promoteBuffers: false });
  const line = EJSON.stringify(document, { relaxed: false });
  // JSON.parse puts fields named by numbers first, and Extended JSON takes some names for types.
  const readBack = EJSON.parse(line, { relaxed: false }) as Document;
  if (Buffer.compare(serialize(readBack), raw) === 0) return line;
  const id = EJSON.stringify(document._id);
  throw new Mistake(`${collectionName} has a document that JSON cannot hold as it is: _id ${id}`);
}

async function indexesOf(collection: Collection): Promise<Contents[string]['indexes']> {
  const indexes = await collection.indexes();
  return indexes
    .filter(({ name }) => name !== '_id_')
    .map(({ v: _version, ns: _namespace, ...index }) => ({
      ...index,
      key: Object.fromEntries(Object.entries(index.key)),
      name: index.name ?? '',
    }));
}
