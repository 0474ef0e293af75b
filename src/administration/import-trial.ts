/**
 * What an import would come to, found out without storing anything: the outcome of every line, and
 * the roles and groups that people would get or lose.
 */
import { normaliseIdentifier } from '../models/account.ts';
import type { AccountDeps } from './deps.ts';
import { ownerOf, updateBy } from './import-changes.ts';
import type { Entry, OnRefused, Outcome } from './import-store.ts';
import { isRefusal, Refusal } from './refusal.ts';

export interface MembershipChange {
  readonly which: 'roles' | 'groups';
  readonly name: string;
  /** Otherwise it is taken away. */
  readonly isGiven: boolean;
}

export type OnMembership = (change: MembershipChange) => void;

type Memberships = Readonly<
  Partial<Record<MembershipChange['which'], readonly string[] | undefined>>
>;

/** Stands for `createImportStore`, for one run. */
export function createImportTrial(
  { directory, clock }: Pick<AccountDeps, 'directory' | 'clock'>,
  onMembership: OnMembership,
) {
  /** Names, and ids, that lines before would have taken, with the user name that has them then. */
  const taken = new Map<string, string>();

  return async function tryOut(
    entries: readonly Entry[],
    update: boolean,
    onRefused: OnRefused,
  ): Promise<Outcome[]> {
    const found = await directory.findTaken(entries.flatMap(({ identifiers }) => identifiers));
    const ids = await directory.usernamesOf(entries.flatMap(({ person }) => person.id ?? []));
    return entries.map((entry) => {
      const isTheirs = (name: string): boolean => entry.identifiers.includes(name);
      const owners = found.filter(({ identifiers }) => identifiers.some(isTheirs));
      try {
        const theirs = ownerOf(entry, owners);
        if (!theirs) return outcomeOfNew(entry, update, ids);
        if (theirs.isMerged) throw new Refusal('line-username-merged');
        const { owner } = theirs;
        const updated = update ? updateBy(owner, { ...entry, now: clock.now() }) : undefined;
        const { roles, groups } = { ...owner, ...updated?.changes };
        tell(owner, { roles, groups });
        return updated ? 'updated' : 'unchanged';
      } catch (error) {
        if (!isRefusal(error)) throw error;
        onRefused(entry.line, error);
        return 'refused';
      }
    });
  };

  /** Whoever an earlier line would have made is there when this one is read. */
  function outcomeOfNew(
    { person, identifiers }: Entry,
    update: boolean,
    ids: ReadonlyMap<string, string>,
  ): Outcome {
    const own = normaliseIdentifier(person.username);
    const names = [...identifiers, ...(person.id === undefined ? [] : [`id ${person.id}`])];
    const before = new Set(names.flatMap((name) => taken.get(name) ?? []));
    if (before.size === 1 && before.has(own)) return update ? 'updated' : 'unchanged';
    if (before.size > 0 || ids.has(person.id ?? '')) {
      throw new Refusal('line-names-taken', { names: ['id', 'username', 'email'] });
    }
    for (const name of names) taken.set(name, own);
    tell({}, person);
    return 'added';
  }

  function tell(before: Memberships, after: Memberships): void {
    for (const which of ['roles', 'groups'] as const) {
      const [old, next] = [before[which] ?? [], after[which] ?? []];
      for (const name of next)
        if (!old.includes(name)) onMembership({ which, name, isGiven: true });
      for (const name of old)
        if (!next.includes(name)) onMembership({ which, name, isGiven: false });
    }
  }
}
