/**
 * Whoever lost what they verify with, or may have it in other hands, registers again: all of it goes
 * in one write, with every session, so that the next sign-in asks them to set up a method anew.
 */
import { kinds } from '../credentials/index.ts';
import type { Account, Credential, SpentSeed } from '../models/account.ts';
import { createRemoveTogether } from '../models/remove-together.ts';
import type { AccountDeps, Named } from './deps.ts';
import { type HeldMethod, heldMethod, methodOf } from './held-methods.ts';
import { noteRemoved } from './removed-keys.ts';
import { named } from './people.ts';
import { hasPassword } from './person.ts';
import { Refusal, untilWritten } from './refusal.ts';
import { seedsAfter } from './spent-seeds.ts';

interface Reasoned {
  readonly reason?: string | undefined;
}

export interface RegistersAgain extends Named {
  readonly removed: readonly HeldMethod[];
}

/** What would go: every second step, recovery codes, and what is for resets. */
export const createListToRegisterAgain =
  ({ people }: Pick<AccountDeps, 'people'>) =>
  async (typed: string): Promise<readonly HeldMethod[]> => {
    const account = await people.find(typed);
    return goingFrom(account).map((one) => heldMethod(one, account.preferred));
  };

export const createRegisterAgain =
  (deps: AccountDeps) =>
  async (typed: string, { reason }: Reasoned): Promise<RegistersAgain> => {
    const { people, accounts, telling, clock, endSessions } = deps;
    const removeTogether = createRemoveTogether(accounts);
    const read = await untilWritten(
      () => people.findToChange(typed),
      async (account) => {
        telling.checkReason({ reason });
        const going = goingFrom(account);
        if (going.length === 0) return true;
        const told = going.map((gone) => {
          const details = { method: methodOf(gone), credential: gone.id };
          return telling.event('method.removed', details, { account: account._id, reason, gone });
        });
        await noteRemoved(account, going, deps);
        const removal = { signedOutAt: clock.now(), spentSeeds: spentBy(account, going, deps) };
        return telling.with(account._id, told, (events) =>
          removeTogether(account, going, { ...removal, events }),
        );
      },
    );
    await endSessions(read._id);
    return {
      ...named(read),
      removed: goingFrom(read).map((one) => heldMethod(one, read.preferred)),
    };
  };

/** What stays: by a pass they may be about to register. */
const stays: readonly string[] = [kinds.password.id, kinds['temporary-access-pass'].id];

/** Without a password nobody could begin to register. */
function goingFrom(account: Account): readonly Credential[] {
  const { username, credentials } = account;
  if (!hasPassword(account)) throw new Refusal('password-missing', { username });
  return credentials.filter(({ kind }) => !stays.includes(kind));
}

/** Of each app, one after the other. */
const spentBy = (account: Account, going: readonly Credential[], deps: AccountDeps) =>
  going.reduce<readonly SpentSeed[] | undefined>(
    (spentSeeds, gone) =>
      seedsAfter({ ...account, ...(spentSeeds && { spentSeeds }) }, gone, deps) ?? spentSeeds,
    undefined,
  );
