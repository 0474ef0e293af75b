/**
 * The tables in SQLite and every statement on them. All of it is static: collections and indexes
 * are rows, so nothing a client sends becomes SQL, and each statement is prepared once.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Belongs to the tables below; a file with a larger one was written by a newer version. */
export const formatVersion = 1;

export const schema = `
  CREATE TABLE collections (
    id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT NOT NULL, name TEXT NOT NULL, UNIQUE (db, name)
  ) STRICT;
  CREATE TABLE indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, spec BLOB NOT NULL,
    multikey INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE documents (
    rid INTEGER PRIMARY KEY, collection INTEGER NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
    UNIQUE (collection, key)
  ) STRICT;
  CREATE TABLE entries (
    idx INTEGER NOT NULL, key BLOB NOT NULL, rid INTEGER NOT NULL, PRIMARY KEY (idx, key, rid)
  ) STRICT, WITHOUT ROWID;
`;

/** A stored document; `key` is the one it was found under. */
export interface Row {
  readonly rid: number;
  readonly key: Buffer;
  readonly body: Buffer;
}

/** Where a scan stands: rows with the same key are told apart by their number. */
export interface Place {
  readonly key: Buffer;
  readonly rid: number;
}

export interface Page {
  /** Not itself part of the page. */
  readonly after: Place;
  /** Ascending: the key to stop before. Descending: the last key that still counts. */
  readonly until: Buffer;
  readonly reverse: boolean;
  readonly size: number;
}

export type Store = ReturnType<typeof createStore>;

const documentsPage = (beyond: '>' | '<', until: '<' | '>=', order: '' | 'DESC') => `
  SELECT rid, key, body FROM documents
  WHERE collection = ? AND (key, rid) ${beyond} (?, ?) AND key ${until} ?
  ORDER BY key ${order} LIMIT ?`;

const entriesPage = (beyond: '>' | '<', until: '<' | '>=', order: '' | 'DESC') => `
  SELECT e.rid, e.key, d.body FROM entries e CROSS JOIN documents d ON d.rid = e.rid
  WHERE e.idx = ? AND (e.key, e.rid) ${beyond} (?, ?) AND e.key ${until} ?
  ORDER BY e.key ${order}, e.rid ${order} LIMIT ?`;

export function createStore(db: DatabaseSync) {
  return {
    ...documentStatements(db),
    ...entryStatements(db),
    ...catalogStatements(db),
    ...transactionStatements(db),
  };
}

function documentStatements(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO documents (collection, key, body) VALUES (?, ?, ?)');
  const replace = db.prepare('UPDATE documents SET body = ? WHERE rid = ?');
  const remove = db.prepare('DELETE FROM documents WHERE rid = ?');
  const removeAll = db.prepare('DELETE FROM documents WHERE collection = ?');
  const holder = db.prepare('SELECT rid FROM documents WHERE collection = ? AND key = ?');
  const find = rows(db, 'SELECT rid, key, body FROM documents WHERE collection = ? AND key = ?');
  const ascending = rows(db, documentsPage('>', '<', ''));
  const descending = rows(db, documentsPage('<', '>=', 'DESC'));
  return {
    insertDocument: (collection: number, key: Buffer, body: Buffer): number =>
      Number(insert.run(collection, key, body).lastInsertRowid),
    replaceDocument: (rid: number, body: Buffer): void => void replace.run(body, rid),
    removeDocument: (rid: number): void => void remove.run(rid),
    removeDocuments: (collection: number): void => void removeAll.run(collection),
    hasDocument: (collection: number, key: Buffer): boolean =>
      holder.get(collection, key) !== undefined,
    findDocument: (collection: number, key: Buffer): readonly Row[] =>
      find.all(collection, key).map(toRow),
    documents: (collection: number, { after, until, reverse, size }: Page): readonly Row[] =>
      (reverse ? descending : ascending)
        .all(collection, after.key, after.rid, until, size)
        .map(toRow),
  };
}

function entryStatements(db: DatabaseSync) {
  const insert = db.prepare('INSERT INTO entries (idx, key, rid) VALUES (?, ?, ?)');
  const remove = db.prepare('DELETE FROM entries WHERE idx = ? AND key = ? AND rid = ?');
  const removeAll = db.prepare('DELETE FROM entries WHERE idx = ?');
  const other = db.prepare('SELECT 1 FROM entries WHERE idx = ? AND key = ? AND rid <> ? LIMIT 1');
  const ascending = rows(db, entriesPage('>', '<', ''));
  const descending = rows(db, entriesPage('<', '>=', 'DESC'));
  return {
    insertEntry: (index: number, key: Buffer, rid: number): void =>
      void insert.run(index, key, rid),
    removeEntry: (index: number, key: Buffer, rid: number): void =>
      void remove.run(index, key, rid),
    removeEntries: (index: number): void => void removeAll.run(index),
    /** Whether another document than `rid` holds the key. */
    isTaken: (index: number, key: Buffer, rid: number): boolean =>
      other.get(index, key, rid) !== undefined,
    entries: (index: number, { after, until, reverse, size }: Page): readonly Row[] =>
      (reverse ? descending : ascending).all(index, after.key, after.rid, until, size).map(toRow),
  };
}

function catalogStatements(db: DatabaseSync) {
  const collections = db.prepare('SELECT id, db, name FROM collections ORDER BY id');
  const indexes = db.prepare('SELECT id, collection, spec, multikey FROM indexes ORDER BY id');
  const insertCollection = db.prepare('INSERT INTO collections (db, name) VALUES (?, ?)');
  const removeCollection = db.prepare('DELETE FROM collections WHERE id = ?');
  const insertIndex = db.prepare(
    'INSERT INTO indexes (collection, spec, multikey) VALUES (?, ?, 0)',
  );
  const setMultikey = db.prepare('UPDATE indexes SET multikey = ? WHERE id = ?');
  const removeIndex = db.prepare('DELETE FROM indexes WHERE id = ?');
  return {
    collections: () =>
      collections
        .all()
        .map((row) => ({ id: Number(row.id), db: String(row.db), name: String(row.name) })),
    indexes: () =>
      indexes.all().map((row) => ({
        id: Number(row.id),
        collection: Number(row.collection),
        spec: toBuffer(row.spec),
        multikey: Number(row.multikey),
      })),
    insertCollection: (database: string, name: string): number =>
      Number(insertCollection.run(database, name).lastInsertRowid),
    removeCollection: (id: number): void => void removeCollection.run(id),
    insertIndex: (collection: number, spec: Buffer): number =>
      Number(insertIndex.run(collection, spec).lastInsertRowid),
    setMultikey: (id: number, multikey: number): void => void setMultikey.run(multikey, id),
    removeIndex: (id: number): void => void removeIndex.run(id),
  };
}

function transactionStatements(db: DatabaseSync) {
  const [begin, commit, rollback] = ['BEGIN', 'COMMIT', 'ROLLBACK'].map((sql) => db.prepare(sql));
  const savepoint = db.prepare('SAVEPOINT step');
  const release = db.prepare('RELEASE step');
  const undo = db.prepare('ROLLBACK TO step');
  return {
    isInTransaction: (): boolean => db.isTransaction,
    begin: (): void => void begin?.run(),
    commit: (): void => void commit?.run(),
    rollback: (): void => {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (db.isTransaction) rollback?.run();
    },
    /** Runs what must happen whole or not at all, inside the open transaction. */
    atomically: <Result>(change: () => Result): Result => {
      savepoint.run();
      try {
        return change();
      } catch (error) {
        if (db.isTransaction) undo.run();
        throw error;
      } finally {
        if (db.isTransaction) release.run();
      }
    },
  };
}

function rows(db: DatabaseSync, sql: string): StatementSync {
  const statement = db.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
}

/** With return arrays, a row is [rid, key, body], which node's types do not say. */
function toRow(columns: unknown): Row {
  const [rid, key, body] = columns as [number, Uint8Array, Uint8Array];
  return { rid, key: toBuffer(key), body: toBuffer(body) };
}

function toBuffer(bytes: unknown): Buffer {
  const { buffer, byteOffset, byteLength } = bytes as Uint8Array<ArrayBuffer>;
  return Buffer.from(buffer, byteOffset, byteLength);
}
