/**
 * Changing one document that was found, and inserting the one an upsert did not find. The _id
 * never changes.
 */
import { ObjectId } from 'bson';

import { copyOf } from '../document.ts';
import type { Doc, Value } from '../document.ts';
import type { Collection } from '../engine/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import type { Found } from '../engine/records.ts';
import { CommandError } from '../errors.ts';
import { keyOf } from '../key.ts';
import type { Filter } from '../query/filter.ts';
import type { Update } from '../update/update.ts';
import { documentFromFilter } from '../update/upsert.ts';

interface Change {
  readonly update: Update;
  readonly filter: Filter;
}

/** Returns the document after the change, and whether that differs from before. */
export function modify(
  { records, clock }: Engine,
  found: Found,
  { update, filter }: Change,
): { readonly doc: Doc; readonly changed: boolean } {
  const doc = update.apply(copyOf(found.doc), { filter, inserting: false, now: clock() });
  refuseNewId(found.doc.get('_id'), doc.get('_id'), update);
  return { doc, changed: records.replace(found, doc) };
}

/** Returns what was inserted. */
export function insertFromFilter(
  { records, clock }: Engine,
  collection: Collection,
  { update, filter }: Change,
): Doc {
  const base = documentFromFilter(filter);
  const id = base.get('_id');
  const start = update.isReplacement ? new Map(id === undefined ? [] : [['_id', id]]) : base;
  const applied = update.apply(start, { filter, inserting: true, now: clock() });
  if (id !== undefined) refuseNewId(id, applied.get('_id'), update);
  const rest = [...applied].filter(([name]) => name !== '_id');
  const doc: Doc = new Map([['_id', applied.get('_id') ?? new ObjectId()], ...rest]);
  records.insert(collection, doc);
  return doc;
}

function refuseNewId(before: Value | undefined, after: Value | undefined, update: Update): void {
  if (after !== undefined && keyOf(before).equals(keyOf(after))) return;
  throw new CommandError(
    66,
    update.isReplacement
      ? "After applying the update, the (immutable) field '_id' was found to have been altered"
      : "Performing an update on the path '_id' would modify the immutable field '_id'",
  );
}
