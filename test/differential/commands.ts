/**
 * Commands as the product gives them, as data: so that a random sequence can be given to two
 * engines, printed, and made shorter until the one that matters is left (fast-check).
 *
 * Not here, because DocumentDB counts a document as modified that they left as it was, unlike
 * MongoDB: `$inc` by 0, `$push` of no element, `$push` with `$slice`.
 */
import * as fc from 'fast-check';

export type Fields = Readonly<Record<string, unknown>>;
export type Sort = Readonly<Record<string, 1 | -1>>;

const pick = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
/** One of these, made into the fields of a filter or an update. */
const field = <T>(name: string, value: fc.Arbitrary<T>): fc.Arbitrary<Fields> =>
  value.map((it) => ({ [name]: it }));
const merged = (...parts: fc.Arbitrary<Fields>[]): fc.Arbitrary<Fields> =>
  fc.tuple(...parts).map((fields) => Object.assign({}, ...fields) as Fields);

// Few values, so that things meet.
const id = pick('a', 'b', 'c', 'd', 'e');
const word = pick('ada', 'Ada', 'bob', 'cleo', 'dora', 'eve', 'frank', 'grace');
const small = pick(0, 1, 2, 3);
const date = small.map((minutes) => new Date(1_800_000_000_000 + minutes * 60_000));
const item = fc.record({ id: pick('p', 'q', 'r'), leasedUntil: date, tries: small });
const tally = fc.record({ streak: small, times: fc.array(date, { maxLength: 3 }) });
const challenge = fc.record({ id: pick('x', 'y'), attemptsLeft: small, expiresAt: date });

const document: fc.Arbitrary<Fields & { _id: string }> = fc.record(
  {
    _id: id,
    version: small,
    names: fc.uniqueArray(word, { maxLength: 2 }),
    email: word,
    uid: word,
    owner: word,
    client: word,
    expiresAt: date,
    challenge,
    attempts: fc.record({ version: small, tallies: fc.dictionary(pick('k', 'l'), tally) }),
    pending: fc.array(item, { maxLength: 3 }),
  },
  { requiredKeys: ['_id', 'version', 'names', 'attempts', 'pending'] },
);

const condition: fc.Arbitrary<Fields> = fc.oneof(
  field('version', fc.oneof(small, comparing(small))),
  field('attempts.version', small),
  field('expiresAt', fc.oneof(comparing(date), existing(), comparing(date))),
  field('challenge.id', pick('x', 'y')),
  merged(field('challenge.attemptsLeft', small), field('challenge.expiresAt', comparing(date))),
  field('names', fc.oneof(word, field('$in', fc.array(word, { maxLength: 2 })))),
  field('email', fc.oneof(word, existing(), field('$ne', word))),
  field('uid', word),
  merged(field('owner', word), field('client', word)),
  field('pending', field('$elemMatch', fc.record({ id: pick('p', 'q', 'r'), tries: small }))),
  field('pending.id', fc.oneof(pick('p', 'q', 'r'), field('$in', fc.constant(['p', 'q'])))),
  field('pending.leasedUntil', comparing(date)),
  field('attempts.tallies.k', existing()),
  field('attempts.tallies.k.streak', comparing(small)),
);

function comparing(value: fc.Arbitrary<unknown>): fc.Arbitrary<Fields> {
  return fc.oneof(...['$gt', '$gte', '$lt', '$lte'].map((operator) => field(operator, value)));
}

function existing(): fc.Arbitrary<Fields> {
  return field('$exists', fc.boolean());
}

const filter: fc.Arbitrary<Fields> = fc.oneof(
  { weight: 4, arbitrary: condition },
  { weight: 1, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: merged(condition, condition) },
  { weight: 1, arbitrary: field('$or', fc.array(condition, { minLength: 1, maxLength: 2 })) },
  { weight: 1, arbitrary: field('_id', field('$in', fc.uniqueArray(id, { maxLength: 3 }))) },
);
/** Of several that match, nobody promises which one is changed: so here is only ever one. */
const filterOfOne = fc.oneof(field('_id', id), merged(condition, field('_id', id)));

const change: fc.Arbitrary<Fields> = fc.oneof(
  field('$set', fc.oneof(field('version', small), field('expiresAt', date))),
  field('$set', field('attempts', fc.record({ version: small, tallies: fc.constant({}) }))),
  field('$set', fc.oneof(field('attempts.version', small), field('attempts.tallies.k', tally))),
  field('$set', merged(field('challenge.failure', word), field('uid', word))),
  field('$set', fc.oneof(field('challenge', challenge), field('facts.added', small))),
  field('$unset', pick({ challenge: 1 }, { expiresAt: 1 }, { 'attempts.tallies.k': 1 })),
  field('$unset', pick({ uid: 1, owner: 1 }, { 'challenge.failure': 1 }, { email: 1 })),
  field('$inc', pick({ version: 1 }, { 'attempts.version': 1 }, { 'challenge.attemptsLeft': -1 })),
  field('$push', field('pending', fc.oneof(item, eachOf(item)))),
  field('$pull', field('pending', pick({ id: 'p' }, { id: { $in: ['q', 'r'] } }))),
  field('$pull', field('names', word)),
  field('$max', field('expiresAt', date)),
  field('$min', field('version', small)),
  merged(
    field('$set', field('version', small)),
    field('$unset', fc.constant({ challenge: 1 })),
    field('$push', field('pending', item)),
  ),
  merged(field('$set', field('uid', word)), field('$setOnInsert', field('owner', word))),
);
/** These may meet a unique index; how far a change of many gets then, engines see differently. */
const risky = fc.oneof(
  field('$addToSet', field('names', word)),
  field('$set', field('email', word)),
  field('$set', field('names', fc.uniqueArray(word, { maxLength: 2 }))),
);
const update = fc.oneof({ weight: 4, arbitrary: change }, { weight: 1, arbitrary: risky });
/** Only where the filter says which element. */
const positional: fc.Arbitrary<Fields> = fc.oneof(
  field('$set', field('pending.$.leasedUntil', date)),
  merged(
    field('$set', field('pending.$.leasedUntil', date)),
    field('$inc', field('pending.$.tries', pick(1, 2))),
  ),
);
const filterOfItem = merged(
  field('_id', id),
  fc.oneof(
    field('pending', field('$elemMatch', fc.record({ id: pick('p', 'q', 'r'), tries: small }))),
    field('pending.id', pick('p', 'q', 'r')),
  ),
);

function eachOf(items: fc.Arbitrary<unknown>): fc.Arbitrary<Fields> {
  return fc.record({ $each: fc.array(items, { minLength: 1, maxLength: 2 }) });
}

const sort: fc.Arbitrary<Sort> = fc
  .tuple(pick('version', 'expiresAt', 'uid', 'attempts.version'), pick<1 | -1>(1, -1))
  // Whatever is equal otherwise is told apart in the end.
  .map(([name, direction]) => ({ [name]: direction, _id: 1 }));
const projection: fc.Arbitrary<Fields> = pick<Fields>(
  {},
  { _id: 1 },
  { version: 1, names: 1 },
  { _id: 0, 'attempts.version': 1 },
  { pending: 0 },
  { 'pending.id': 1 },
  { 'challenge.expiresAt': 0, attempts: 0 },
);

/** A command by this name, with these parts. */
const doing = <Name extends string, Parts>(
  name: Name,
  parts: { [Part in keyof Parts]: fc.Arbitrary<Parts[Part]> },
): fc.Arbitrary<Parts & { readonly do: Name }> =>
  fc.record(parts).map((given) => ({ ...(given as Parts), do: name }));

const returnDocument = pick<'before' | 'after'>('before', 'after');
const modified = { sort, returnDocument, projection };
const [always, never] = [fc.constant(true), fc.constant(false)];
const byId = field('_id', id);

const command = fc.oneof(
  doing('insertOne', { document }),
  doing('insertMany', {
    documents: fc.array(document, { minLength: 1, maxLength: 4 }),
    ordered: fc.boolean(),
  }),
  doing('updateOne', { filter: filterOfOne, update, upsert: never }),
  doing('updateOne', { filter: filterOfItem, update: positional, upsert: never }),
  doing('updateOne', { filter: byId, update, upsert: always }),
  doing('updateMany', { filter, update: change }),
  doing('updateEach', {
    updates: fc.array(fc.record({ filter: filterOfOne, update }), { minLength: 1, maxLength: 3 }),
  }),
  doing('replaceOne', { filter: filterOfOne, document }),
  doing('findOneAndUpdate', { ...modified, filter, update, upsert: never }),
  doing('findOneAndUpdate', { ...modified, filter: byId, update, upsert: always }),
  doing('findOneAndUpdate', {
    ...modified,
    filter: filterOfItem,
    update: positional,
    upsert: never,
  }),
  doing('findOneAndDelete', { filter, sort }),
  doing('deleteOne', { filter: filterOfOne }),
  doing('deleteMany', { filter: merged(condition, byId) }),
  doing('countDocuments', { filter }),
  doing('distinct', { filter, key: pick('version', 'names', 'pending.id', 'uid') }),
  doing('find', { filter, sort, projection, skip: pick(0, 1), limit: pick(0, 1, 2) }),
);

export type Command = typeof command extends fc.Arbitrary<infer One> ? One : never;

/** Begins with something to work on. */
export const sequence: fc.Arbitrary<readonly Command[]> = fc
  .tuple(
    fc.array(doing('insertOne', { document }), { maxLength: 6, size: 'max' }),
    fc.array(command, { maxLength: 20, size: 'max' }),
  )
  .map(([inserts, commands]) => [...inserts, ...commands]);
