/**
 * Everything a command works with, put together over one open SQLite database.
 */
import type { DatabaseSync } from 'node:sqlite';

import { createCatalog } from './catalog.ts';
import type { Catalog } from './catalog.ts';
import { createCursors } from './cursors.ts';
import type { Cursors } from './cursors.ts';
import { createRecords } from './records.ts';
import type { Records } from './records.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export interface Engine {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly records: Records;
  readonly cursors: Cursors;
  readonly clock: () => Date;
  /** How long the command that runs now has been at it. */
  readonly stopwatch: Stopwatch;
  /** Called for a command that looks at every document, because no index serves it. */
  readonly onScan: (command: string, namespace: string) => void;
}

interface Stopwatch {
  restart(): void;
  elapsedMs(): number;
}

type Surroundings = Pick<Engine, 'clock' | 'onScan'>;

export function createEngine(db: DatabaseSync, { clock, onScan }: Surroundings): Engine {
  const store = createStore(db);
  const catalog = createCatalog(store);
  catalog.load();
  const records = createRecords({ store, catalog });
  const stopwatch = createStopwatch(clock);
  return { store, catalog, records, cursors: createCursors(clock), clock, stopwatch, onScan };
}

function createStopwatch(clock: () => Date): Stopwatch {
  let since = 0;
  return {
    restart: () => void (since = clock().getTime()),
    elapsedMs: () => clock().getTime() - since,
  };
}
