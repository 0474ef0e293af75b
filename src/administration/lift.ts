/**
 * What an account's owner disowned can be used again, because it is known by now to be theirs.
 */
import type { AccountDeps } from './deps.ts';
import { heldIn, type HeldMethod, heldMethod, methodOf } from './held-methods.ts';
import { untilWritten } from './refusal.ts';

interface Lifting {
  readonly reason?: string | undefined;
  readonly id: string;
}

/** What was lifted; where nothing was suspended, nobody is told. */
export interface Lifted extends HeldMethod {
  readonly isChanged: boolean;
}

export const createLift =
  ({ people, accounts, telling }: Pick<AccountDeps, 'people' | 'accounts' | 'telling'>) =>
  async (typed: string, { id, reason }: Lifting): Promise<Lifted> => {
    const read = await untilWritten(
      () => people.findToChange(typed),
      async (account) => {
        telling.checkReason({ reason });
        const held = heldIn(account, id);
        if (!held.suspendedAt) return true;
        const details = { method: methodOf(held), credential: id };
        const told = telling.event('method.reinstated', details, { account: account._id, reason });
        return telling.with(account._id, [told], (events) => accounts.lift(account, held, events));
      },
    );
    const { suspendedAt, ...lifted } = heldMethod(heldIn(read, id), read.preferred);
    return { ...lifted, isChanged: suspendedAt !== undefined };
  };
