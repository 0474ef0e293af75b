/**
 * Looks at everything that is stored, a page in memory at a time, and changes nothing: for
 * the checker of administration/check.
 */
import { type Connection, type Model, trusted } from 'mongoose';

const PAGE = 500;

/** All documents of a collection, in the order of their ids. */
export async function* everyDocument<Stored extends { readonly _id: string }>(
  model: Model<Stored>,
): AsyncGenerator<Stored> {
  let after: string | undefined = '';
  while (after !== undefined) {
    const page: Stored[] = await model
      .find({ _id: trusted({ $gt: after }) })
      .sort({ _id: 1 })
      .limit(PAGE)
      .lean<Stored[]>()
      .exec();
    yield* page;
    after = page.length === PAGE ? page.at(-1)?._id : undefined;
  }
}

/** Indexes that a model declares and the database does not have, as `collection {keys}`. */
export async function missingIndexes({ models }: Connection): Promise<string[]> {
  const missing = await Promise.all(
    Object.values(models).map(async (model) => {
      const { toCreate } = await model.diffIndexes();
      return toCreate.map((index) => `${model.collection.name} ${JSON.stringify(index)}`);
    }),
  );
  return missing.flat();
}
