/**
 * Brings a copy of a database back, into this or another one. What is there already and is the
 * same is passed over, so an import that was interrupted is simply run again; what is there and
 * differs is never overwritten.
 */
import { createReadStream } from 'node:fs';

import { EJSON, serialize } from 'bson';
import type { Document } from 'bson';
import type { Connection } from 'mongoose';

import { Mistake } from '../doorstep/run.ts';
import { fileFor, readContents } from './contents.ts';
import type { Contents } from './contents.ts';

type Database = NonNullable<Connection['db']>;
type Collection = ReturnType<Database['collection']>;

export interface Imported {
  readonly added: number;
  /** Were there, and the same. */
  readonly present: number;
}

interface Line {
  /** File and line, for messages. */
  readonly place: string;
  readonly document: Document;
}

const batchLines = 500;
const batchCharacters = 4_000_000;

export async function importDatabase(
  database: Database,
  folder: string,
): Promise<ReadonlyMap<string, Imported>> {
  const imported = new Map<string, Imported>();
  for (const [name, { documents, indexes }] of Object.entries(await readContents(folder))) {
    const collection = database.collection(name);
    await createIndexes(collection, indexes);
    imported.set(name, await importFile(collection, fileFor(folder, name), documents));
  }
  return imported;
}

/** Before the documents: what breaks a unique index is then named by its line. */
async function createIndexes(
  collection: Collection,
  indexes: Contents[string]['indexes'],
): Promise<void> {
  for (const index of indexes) {
    try {
      // As another database listed it.
      await collection.createIndexes([index as { key: Record<string, 1> }], {});
    } catch (error) {
      throw new Mistake(`index ${index.name} of ${collection.collectionName}: ${textOf(error)}`);
    }
  }
}

async function importFile(collection: Collection, file: string, expected: number) {
  let [added, lines] = [0, 0];
  for await (const batch of batches(file)) {
    added += await importBatch(collection, batch);
    lines += batch.length;
  }
  if (lines === expected) return { added, present: lines - added };
  throw new Mistake(`${file} has ${lines} documents; the copy had ${expected}.`);
}

async function* batches(file: string): AsyncGenerator<readonly Line[]> {
  let batch: Line[] = [];
  let [number, size] = [0, 0];
  for await (const text of linesOf(file)) {
    batch.push({ place: `${file}, line ${++number}`, document: parse(text, file, number) });
    size += text.length;
    if (batch.length < batchLines && size < batchCharacters) continue;
    yield batch;
    [batch, size] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** By line feeds alone: node:readline ends a line at U+2028, too, which JSON may hold as it is. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const chunks = createReadStream(file, { encoding: 'utf8', highWaterMark: 1_000_000 });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function parse(text: string, file: string, number: number): Document {
  try {
    const document = EJSON.parse(text, { relaxed: false }) as unknown;
    if (isDocument(document)) return document;
  } catch (error) {
    throw new Mistake(`${file}, line ${number}: ${textOf(error)}`);
  }
  throw new Mistake(`${file}, line ${number}: not a document with an _id`);
}

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && '_id' in value;

/** Returns how many were not there yet. */
async function importBatch(collection: Collection, batch: readonly Line[]): Promise<number> {
  const documents = batch.map(({ document }) => document);
  try {
    await collection.insertMany(documents, { ordered: false });
    return batch.length;
  } catch (error) {
    const refused = refusalsIn(error);
    if (refused.length === 0) throw error;
    for (const { index, errmsg } of refused) await checkPresent(collection, batch[index], errmsg);
    return batch.length - refused.length;
  }
}

interface Refusal {
  readonly index: number;
  readonly errmsg?: string | undefined;
}

/** What the driver's MongoBulkWriteError lists; nothing for any other error. */
function refusalsIn(error: unknown): readonly Refusal[] {
  const { writeErrors = [] } = error as { writeErrors?: Refusal | readonly Refusal[] };
  return [writeErrors].flat();
}

/** Whatever a refusal is called: harmless is the one of a document that is there as it is. */
async function checkPresent(collection: Collection, line: Line | undefined, reason = 'refused') {
  if (line === undefined) throw new Error('a refusal of nothing');
  const { place, document } = line;
  const options = { raw: true, promoteValues: false } as const;
  const present = await collection.findOne({ _id: document._id as never }, options);
  if (present === null) throw new Mistake(`${place}: ${reason}`);
  // Raw, it is a buffer.
  if (Buffer.from(serialize(document)).equals(present as unknown as Buffer)) return;
  throw new Mistake(`${place}: another document with this _id is there already`);
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
