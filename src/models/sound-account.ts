/**
 * An account as it may be used, whatever is stored of it: a credential that is none keeps its
 * place under a kind that nobody knows, and so proves nothing, and is not forgotten either (C-16).
 */
import type { Account, Credential } from './account.ts';

/** A kind of no method. */
const UNREADABLE = 'unreadable';

export function soundAccount(stored: Account | null | undefined): Account | undefined {
  if (!stored) return undefined;
  const { credentials, known } = stored as Loose;
  const listed: readonly unknown[] = Array.isArray(credentials) ? credentials : [credentials];
  return {
    ...stored,
    credentials: listed.map((one) => (isCredential(one) ? one : unreadable)),
    known: { networks: listIn(known?.networks), browsers: listIn(known?.browsers) },
  };
}

/** What the type promises, and the database does not. */
interface Loose {
  readonly credentials: unknown;
  readonly known: { readonly networks: unknown; readonly browsers: unknown } | null;
}

const listIn = (stored: unknown): readonly string[] =>
  Array.isArray(stored) ? (stored as readonly string[]) : []; // compared, never called

const isCredential = (stored: unknown): stored is Credential => {
  const { id, kind } = (stored ?? {}) as Readonly<Record<string, unknown>>;
  return typeof id === 'string' && typeof kind === 'string';
};

const unreadable: Credential = {
  id: UNREADABLE,
  kind: UNREADABLE,
  data: undefined,
  version: 0,
  addedAt: new Date(0),
};
