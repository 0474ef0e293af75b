/**
 * Where a story keeps its data: in a database of its own on the MongoDB that MONGODB_URI
 * names, or else in the embedded one. Whoever asks drops it when the story is over.
 */
import { randomUUID } from 'node:crypto';

/** As settings are named in the environment. */
export function databaseOfItsOwn(): { readonly MONGODB_URI?: string } {
  const { MONGODB_URI: uri } = process.env;
  if (!uri) return {};
  const name = `doorstep-test-${randomUUID()}`;
  // Not by URL, which does not know addresses with several hosts.
  return { MONGODB_URI: uri.replace(/^(\w+:\/\/[^/?]+)(\/[^?]*)?/, `$1/${name}`) };
}
