/**
 * Brings many people along at once, from lines of JSON: a few hundred in memory and one write
 * for them, so that a hundred thousand take minutes. Every line that is not taken is named,
 * and does not hold up the others.
 */
import { identifiersOf, normaliseIdentifier } from '../models/account.ts';
import type { AccountDeps } from './deps.ts';
import { readImportLine } from './import-line.ts';
import { createImportStore, type Entry, type OnRefused, type Outcome } from './import-store.ts';
import { createImportTrial, type OnMembership } from './import-trial.ts';
import { type Line, linesOf } from './lines.ts';
import { isRefusal, Refusal } from './refusal.ts';

export type ImportCounts = Readonly<Record<Outcome, number>>;

export interface ImportWishes {
  /** Whoever is there already is brought up to date. */
  readonly update: boolean;
  readonly onRefused: OnRefused;
  readonly onProgress: (counts: ImportCounts) => void;
  /** Stores nothing, and tells of each role and group that somebody would get or lose. */
  readonly trial?: OnMembership | undefined;
}

const AT_ONCE = 500;

/** What other tools write; line by line, each would only be called no object. */
function refuseArray({ number, text }: Line): void {
  if (number > 1 || !text?.trimStart().startsWith('[')) return;
  throw new Refusal('import-array');
}

export function createImport(deps: AccountDeps) {
  const storing = createImportStore(deps);

  return async function importAccounts(
    chunks: AsyncIterable<Uint8Array>,
    wishes: ImportWishes,
  ): Promise<ImportCounts> {
    const { trial } = wishes;
    const store = trial ? createImportTrial(deps, trial) : storing;
    const counts = { added: 0, updated: 0, unchanged: 0, refused: 0 };
    let batch: Entry[] = [];
    let names = new Set<string>();
    /** The user names that had invisible signs, and the lines that have them. */
    const cleaned = new Map<string, number>();

    for await (const line of linesOf(chunks)) {
      if (line.text?.trim() === '') continue;
      refuseArray(line);
      const entry = await readEntry(line, refuse);
      if (!entry || isMerged(entry)) continue;
      // A name that comes twice is looked up again, as if it had been there before.
      const isNamedTwice = entry.identifiers.some((name) => names.has(name));
      if (isNamedTwice || batch.length >= AT_ONCE) await flush();
      batch.push(entry);
      for (const name of entry.identifiers) names.add(name);
    }
    await flush();
    if (trial) return counts;
    await deps.telling.before([deps.telling.event('accounts.imported', { ...counts })]);
    return counts;

    function refuse(line: number, refusal: Refusal): void {
      counts.refused += 1;
      wishes.onRefused(line, refusal);
    }

    /** A name that another line has but for its invisible signs: of these, none is guessed. */
    function isMerged({ line, person, isCleaned }: Entry): boolean {
      const name = normaliseIdentifier(person.username);
      const other = cleaned.get(name);
      if (other === undefined) {
        if (isCleaned) cleaned.set(name, line);
        return false;
      }
      refuse(line, new Refusal('line-username-twice', { line: other }));
      return true;
    }

    async function flush(): Promise<void> {
      const entries = batch;
      batch = [];
      names = new Set();
      for (const outcome of await store(entries, wishes.update, wishes.onRefused)) {
        counts[outcome] += 1;
      }
      // At once: left behind, they would wait for sweeps that are made for a few.
      if (!trial) await deps.telling.move();
      wishes.onProgress({ ...counts });
    }
  };

  async function readEntry({ number, text }: Line, refuse: OnRefused): Promise<Entry | undefined> {
    try {
      const read = await readImportLine(text, { ...deps, phoneCountries: deps.phoneCountries() });
      return { line: number, ...read, identifiers: identifiersOf(read.person) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refuse(number, error);
      return undefined;
    }
  }
}
