/**
 * Which collections and indexes there are: kept in memory, loaded from the tables, and loaded
 * again after a rollback, so that memory never says more than the disk.
 */
import { decode } from '../decode.ts';
import type { Doc } from '../document.ts';
import { CommandError } from '../errors.ts';
import { idIndex, readIndex } from './index-spec.ts';
import type { Index } from './index-spec.ts';
import type { Store } from './store.ts';

export interface Collection {
  readonly id: number;
  readonly database: string;
  readonly name: string;
  /** The index on _id first. */
  readonly indexes: readonly Index[];
}

export const namespaceOf = ({ database, name }: Pick<Collection, 'database' | 'name'>): string =>
  `${database}.${name}`;

export type Catalog = ReturnType<typeof createCatalog>;

export function createCatalog(store: Store) {
  const collections = new Map<string, Collection>();

  function load(): void {
    collections.clear();
    const indexes = Map.groupBy(store.indexes(), (row) => row.collection);
    for (const { id, db, name } of store.collections()) {
      const own = (indexes.get(id) ?? []).map((row) => readIndex(decode(row.spec), row));
      put({ id, database: db, name, indexes: [idIndex, ...own] });
    }
  }

  function put(collection: Collection): Collection {
    collections.set(namespaceOf(collection), collection);
    return collection;
  }

  function create(database: string, name: string): Collection {
    checkName(database, name);
    const id = store.insertCollection(database, name);
    return put({ id, database, name, indexes: [idIndex] });
  }

  function drop(collection: Collection): void {
    for (const index of collection.indexes) forgetIndex(index);
    store.removeDocuments(collection.id);
    store.removeCollection(collection.id);
    collections.delete(namespaceOf(collection));
  }

  function forgetIndex(index: Index): void {
    store.removeEntries(index.id);
    store.removeIndex(index.id);
  }

  return {
    load,
    create,
    drop,
    find: (database: string, name: string): Collection | undefined =>
      collections.get(namespaceOf({ database, name })),
    findOrCreate: (database: string, name: string): Collection =>
      collections.get(namespaceOf({ database, name })) ?? create(database, name),
    all: (): readonly Collection[] => [...collections.values()],
    addIndex(collection: Collection, spec: Doc, bytes: Buffer): Index {
      const index = readIndex(spec, { id: store.insertIndex(collection.id, bytes), multikey: 0 });
      put({ ...collection, indexes: [...collection.indexes, index] });
      return index;
    },
    dropIndex(collection: Collection, index: Index): Collection {
      forgetIndex(index);
      return put({ ...collection, indexes: collection.indexes.filter((other) => other !== index) });
    },
    /** Remembers that fields of an index have met arrays; a bit never goes away again. */
    noteMultikey(index: Index, multikey: number): void {
      if ((index.multikey | multikey) === index.multikey) return;
      index.multikey |= multikey;
      store.setMultikey(index.id, index.multikey);
    },
  };
}

function checkName(database: string, name: string): void {
  if (database === '' || /[/\\. "$\0]/.test(database) || Buffer.byteLength(database) > 63) {
    throw new CommandError(73, `Invalid database name: '${database}'`);
  }
  if (name === '' || /[$\0]/.test(name) || name.startsWith('system.') || name.startsWith('.')) {
    throw new CommandError(73, `Invalid collection name: ${name}`);
  }
}
