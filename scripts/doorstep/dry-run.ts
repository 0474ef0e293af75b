/**
 * What a dry run of an import says of roles and groups: how many people would get or lose each,
 * and where a name may be mistyped because nobody has it yet.
 */
import type { Administration } from '../../src/administration/administration.ts';
import type { MembershipChange } from '../../src/administration/import-trial.ts';
import { named } from './print.ts';

interface Tally extends MembershipChange {
  people: number;
}

export function createTally() {
  const tallies = new Map<string, Tally>();
  return {
    count: (change: MembershipChange): void => {
      const key = JSON.stringify(change);
      const tally = tallies.get(key) ?? { ...change, people: 0 };
      tallies.set(key, { ...tally, people: tally.people + 1 });
    },

    /** A line for each. */
    async told({ roles, groups }: Administration): Promise<string> {
      const held = { roles: await roles.count(), groups: await groups.count() };
      const lines = [...tallies.values()].map((tally) => {
        const isNew = !held[tally.which].has(tally.name);
        return `${sentence(tally)}${isNew ? '; nobody has it now' : ''}\n`;
      });
      return lines.sort().join('');
    },
  };
}

function sentence({ which, name, isGiven, people }: Tally): string {
  const who = people === 1 ? '1 person' : `${people} people`;
  return `${which.slice(0, -1)} ${named(name)}: ${who} would ${isGiven ? 'get' : 'lose'} it`;
}
