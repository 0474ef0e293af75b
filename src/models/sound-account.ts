/**
 * An account as it may be used, whatever is stored of it: a credential that is none keeps its
 * place under a kind that nobody knows, and so proves nothing, and is not forgotten either.
 */

/** The parts of an account whose elements are looked into. */
interface Parts {
  readonly credentials: unknown;
  readonly groups: unknown;
  readonly known: unknown;
}

export function soundAccount<Stored extends Parts>(
  stored: Stored | null | undefined,
): Stored | undefined {
  if (!stored) return undefined;
  const { networks, browsers } = fieldsOf(stored.known);
  return {
    ...stored,
    // Of none, or policy would take them for anybody.
    groups: listIn(stored.groups),
    credentials: wrapped(stored.credentials).map((one) => (isCredential(one) ? one : unreadable)),
    known: { networks: listIn(networks), browsers: listIn(browsers) },
  };
}

const fieldsOf = (stored: unknown) => (stored ?? {}) as Readonly<Record<string, unknown>>; // read as unknown
const listIn = (stored: unknown): readonly unknown[] => (Array.isArray(stored) ? stored : []);
const wrapped = (stored: unknown): readonly unknown[] =>
  Array.isArray(stored) ? stored : [stored];

function isCredential(stored: unknown): boolean {
  const { id, kind } = fieldsOf(stored);
  return typeof id === 'string' && typeof kind === 'string';
}

/** Of no method's kind. */
const unreadable = {
  id: 'unreadable',
  kind: 'unreadable',
  data: undefined,
  version: 0,
  addedAt: new Date(0),
};
