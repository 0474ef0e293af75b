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
