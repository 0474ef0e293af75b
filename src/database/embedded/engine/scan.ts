/**
 * Runs a plan and a query: documents one after another, found, filtered, sorted and cut. Rows are
 * read in pages that remember a place by its key, so a query can pause between two commands while
 * others write.
 */
import { decode } from '../decode.ts';
import type { Filter } from '../query/filter.ts';
import { matches } from '../query/filter.ts';
import { sortBy } from '../query/sort.ts';
import type { Sort } from '../query/sort.ts';
import type { Range } from './bounds.ts';
import type { Collection } from './catalog.ts';
import { idIndex } from './index-spec.ts';
import { planQuery } from './plan.ts';
import type { IndexPlan, Plan } from './plan.ts';
import type { Found } from './records.ts';
import type { Page, Row, Store } from './store.ts';

const firstPage = 16;
const laterPages = 256;

export interface Query {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly skip: number;
  /** Infinity for all. */
  readonly limit: number;
  /** Look at every document instead of using an index. */
  readonly natural: boolean;
}

export interface Watcher {
  /** Told once it is known how the query is run. */
  readonly onPlan: (plan: Plan) => void;
  /** Told of every document that is looked at, whether it matches or not. May throw to end it. */
  readonly onRow: () => void;
}

/** What a query finds, in order. Nothing is read before the first document is asked for. */
export function* runQuery(
  store: Store,
  collection: Collection,
  query: Query,
  watch?: Watcher,
): Generator<Found> {
  const plan = planQuery(collection, query, query);
  watch?.onPlan(plan);
  const found = filtered(collection, candidates(store, collection, plan), query.filter, watch);
  const ordered = plan.sorted ? found : sortBy([...found], query.sort, ({ doc }) => doc);
  let position = 0;
  for (const item of ordered) {
    if (position >= query.skip + query.limit) return;
    if (position++ >= query.skip) yield item;
    if (position >= query.skip + query.limit) return;
  }
}

function* filtered(
  collection: Collection,
  rows: Iterable<Row>,
  filter: Filter,
  watch: Watcher | undefined,
): Generator<Found> {
  for (const { rid, body } of rows) {
    watch?.onRow();
    const doc = decode(body);
    if (matches(filter, doc)) yield { collection, rid, doc, body };
  }
}

/** Each document once, though several ranges or array elements may lead to it. */
function* candidates(store: Store, collection: Collection, plan: Plan): Generator<Row> {
  const plans = plan.stage === 'OR' ? plan.plans : [plan];
  const seen = mayRepeat(plans) ? new Set<number>() : undefined;
  for (const one of plans) {
    for (const row of indexRows(store, collection, one)) {
      if (seen?.has(row.rid) === true) continue;
      seen?.add(row.rid);
      yield row;
    }
  }
}

const mayRepeat = (plans: readonly IndexPlan[]): boolean =>
  plans.length > 1 || plans.some(({ index }) => index.multikey !== 0);

function* indexRows(store: Store, collection: Collection, plan: IndexPlan): Generator<Row> {
  const isOnId = plan.index === idIndex;
  const read = (page: Page): readonly Row[] =>
    isOnId ? store.documents(collection.id, page) : store.entries(plan.index.id, page);
  if (plan.stage === 'IDHACK') {
    for (const { from } of plan.ranges) yield* store.findDocument(collection.id, from);
    return;
  }
  for (const range of plan.ranges) yield* pages(read, range, plan.reverse);
}

function* pages(
  read: (page: Page) => readonly Row[],
  { from, to }: Range,
  reverse: boolean,
): Generator<Row> {
  const until = reverse ? from : to;
  // Row numbers begin at 1, so this stands before every row of the key.
  let after = { key: reverse ? to : from, rid: -1 };
  for (let size = firstPage; ; size = laterPages) {
    const rows = read({ after, until, reverse, size });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < size) return;
    after = last;
  }
}
