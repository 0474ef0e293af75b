/**
 * The document an upsert begins with: what the filter says its match must be equal to.
 */
import type { Doc, Value } from '../document.ts';
import { CommandError } from '../errors.ts';
import type { Filter } from '../query/filter.ts';
import type { Path } from '../query/path.ts';
import { readPlace, writePlace } from './place.ts';

export function documentFromFilter(filter: Filter): Doc {
  const doc: Doc = new Map();
  const equalities = equalitiesOf(filter);
  const id = equalities.find(({ path }) => path.join('.') === '_id');
  if (id !== undefined) doc.set('_id', id.value);
  for (const { path, value } of equalities) {
    if (path === id?.path) continue;
    if (readPlace(doc, path) !== undefined) {
      throw new CommandError(
        54,
        `cannot infer query fields to set, path '${path.join('.')}' is matched twice`,
      );
    }
    writePlace(doc, path, value);
  }
  return doc;
}

function equalitiesOf(filter: Filter): readonly { readonly path: Path; readonly value: Value }[] {
  if (filter.kind === 'all') return filter.of.flatMap(equalitiesOf);
  if (filter.kind !== 'field' || filter.test.operator !== '$eq') return [];
  const [value] = filter.test.operands;
  return value === undefined ? [] : [{ path: filter.path, value }];
}
