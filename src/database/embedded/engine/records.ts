/**
 * Writing documents and keeping their index entries in step. Each write happens whole or not at
 * all; uniqueness is checked here and nowhere else.
 */
import { encodeForStorage, typeName } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import { badValue, CommandError } from '../errors.ts';
import { compoundKey, keyOf } from '../key.ts';
import { expand } from '../query/expand.ts';
import type { Tuple } from '../query/expand.ts';
import { matches } from '../query/filter.ts';
import { show } from '../show.ts';
import { namespaceOf } from './catalog.ts';
import type { Catalog, Collection } from './catalog.ts';
import { idIndex } from './index-spec.ts';
import type { Index } from './index-spec.ts';
import type { Store } from './store.ts';

/** A document as it was found; whoever changes it takes a copy. */
export interface Found {
  readonly collection: Collection;
  readonly rid: number;
  readonly doc: Doc;
  readonly body: Buffer;
}

interface Entry {
  readonly key: Buffer;
  readonly tuple: Tuple;
}

export type Records = ReturnType<typeof createRecords>;

export function createRecords({ store, catalog }: { store: Store; catalog: Catalog }) {
  function entriesOf(index: Index, doc: Doc): readonly Entry[] {
    if (index.partial !== undefined && !matches(index.partial, doc)) return [];
    const { tuples: all, multikey } = expand(doc, index.fields);
    const tuples = index.sparse
      ? all.filter((tuple) => tuple.some((part) => part !== undefined))
      : all;
    if (tuples.length === 0) return [];
    catalog.noteMultikey(index, multikey);
    const directions = index.fields.map(({ descending }) => descending);
    const entries = tuples.map((tuple) => ({ tuple, key: compoundKey(tuple, directions) }));
    return entries.length < 2 ? entries : distinct(entries);
  }

  function addEntry(
    collection: Collection,
    index: Index,
    { key, tuple }: Entry,
    rid: number,
  ): void {
    if (index.unique && store.isTaken(index.id, key, rid))
      throw duplicate(collection, index, tuple);
    store.insertEntry(index.id, key, rid);
  }

  /** Made before anything is written: what they note of an index must outlive a write undone. */
  function allEntries(
    collection: Collection,
    doc: Doc,
  ): readonly (readonly [Index, readonly Entry[]])[] {
    return collection.indexes.slice(1).map((index) => [index, entriesOf(index, doc)]);
  }

  return {
    insert(collection: Collection, doc: Doc): void {
      const id = checkedId(doc);
      const key = keyOf(id);
      const body = encodeForStorage(doc);
      const entries = allEntries(collection, doc);
      store.atomically(() => {
        if (store.hasDocument(collection.id, key)) throw duplicate(collection, idIndex, [id]);
        const rid = store.insertDocument(collection.id, key, body);
        for (const [index, own] of entries) {
          for (const entry of own) addEntry(collection, index, entry, rid);
        }
      });
    },

    /** Returns whether anything changed. The _id must be the same; whoever calls has seen to it. */
    replace({ collection, rid, doc: old, body }: Found, doc: Doc): boolean {
      const next = encodeForStorage(doc);
      if (next.equals(body)) return false;
      const before = new Map(allEntries(collection, old));
      const after = allEntries(collection, doc);
      store.atomically(() => {
        store.replaceDocument(rid, next);
        for (const [index, own] of after) {
          const gone = before.get(index) ?? [];
          for (const { key } of without(gone, own)) store.removeEntry(index.id, key, rid);
          for (const entry of without(own, gone)) addEntry(collection, index, entry, rid);
        }
      });
      return true;
    },

    remove({ collection, rid, doc }: Found): void {
      const entries = allEntries(collection, doc);
      store.atomically(() => {
        for (const [index, own] of entries) {
          for (const { key } of own) store.removeEntry(index.id, key, rid);
        }
        store.removeDocument(rid);
      });
    },

    /** Fills a new index with a document that is there already. */
    addToIndex(index: Index, { collection, rid, doc }: Found): void {
      for (const entry of entriesOf(index, doc)) addEntry(collection, index, entry, rid);
    },
  };
}

function distinct(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.key.toString('latin1'), entry])).values()];
}

const without = (entries: readonly Entry[], others: readonly Entry[]): readonly Entry[] =>
  entries.filter(({ key }) => !others.some((other) => other.key.equals(key)));

function checkedId(doc: Doc): Value {
  const id = doc.get('_id');
  if (id === undefined) throw badValue('a document to store needs an _id');
  if (Array.isArray(id)) {
    throw new CommandError(53, `The '_id' value cannot be of type ${typeName(id)}`);
  }
  if (id instanceof Map) refuseDollar(id);
  return id;
}

function refuseDollar(id: Doc): void {
  const bad = [...id.keys()].find((name) => name.startsWith('$'));
  if (bad !== undefined) throw new CommandError(52, `_id fields may not contain '${bad}'`);
}

function duplicate(collection: Collection, index: Index, tuple: Tuple): CommandError {
  const names = index.fields.map(({ path }) => path.join('.'));
  const values = tuple.map((part) => (typeof part === 'symbol' ? null : (part ?? null)));
  const shown = names.map((name, at) => `${name}: ${show(values[at])}`).join(', ');
  return new CommandError(
    11000,
    `E11000 duplicate key error collection: ${namespaceOf(collection)} index: ${index.name} dup key: { ${shown} }`,
    {
      keyPattern: index.spec.get('key'),
      keyValue: new Map(names.map((name, at) => [name, values[at] ?? null])),
    },
  );
}
