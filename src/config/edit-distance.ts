/**
 * How many letters must be added, dropped or changed: for telling what somebody meant.
 */
/** Levenshtein's distance, without regard to case. */
export function editDistance(left: string, right: string): number {
  const [a, b] = [left.toLowerCase(), right.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    row = row.reduce<number[]>((next, above, j) => {
      const before = row[j - 1] ?? 0;
      const change = before + (a[i - 1] === b[j - 1] ? 0 : 1);
      return [...next, j === 0 ? i : Math.min(above + 1, (next[j - 1] ?? 0) + 1, change)];
    }, []);
  }
  return row.at(-1) ?? 0;
}

/** A word of three letters is two edits away from most others. */
const SHORT = 3;

/** Which of these was meant, where one is so near that it is worth asking. */
export function nearestOf(typed: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, edits: editDistance(typed, name) }))
    .filter(({ name: { length }, edits }) => edits <= mostEdits(length))
    .sort((one, other) => one.edits - other.edits);
  return nearest?.name;
}

const mostEdits = (length: number): number => (length <= SHORT ? 1 : Math.max(2, length / 4));
