/**
 * What somebody's sign-in begins with: set for them, or moved on where it was taken away.
 */
import { isSameWay, type Way } from '../assurance/way.ts';
import type { Account } from '../models/account.ts';
import { heldBy, type MethodRules } from '../verification/choices.ts';
import { allowedTo } from '../verification/first-choice.ts';
import type { AccountDeps, Changed } from './deps.ts';
import { Refusal, untilWritten } from './refusal.ts';

export interface DefaultDeps extends AccountDeps {
  readonly rules: MethodRules;
}

interface Wish {
  readonly method: string;
  /** Of several that it can be, by the id that `list` gives. */
  readonly id?: string | undefined;
  readonly reason?: string | undefined;
}

export const createSetDefault =
  ({ people, directory, telling, rules }: DefaultDeps) =>
  async (typed: string, { reason, ...wish }: Wish): Promise<Changed & { readonly way: Way }> => {
    const account = await untilWritten(
      () => people.findToChange(typed),
      async (read) => {
        telling.checkReason({ reason });
        const way = wayTo(read, wish, rules);
        if (isDefault(read, way)) return true;
        const told = telling.event('method.default-changed', way, { account: read._id, reason });
        return telling.with(read._id, [told], (events) =>
          directory.change(read, { preferred: way }, { events }),
        );
      },
    );
    const way = wayTo(account, wish, rules);
    return {
      _id: account._id,
      username: account.username,
      way,
      isChanged: !isDefault(account, way),
    };
  };

const isDefault = ({ preferred }: Account, way: Way): boolean =>
  preferred !== undefined && isSameWay(preferred, way);

/** Throws Refusal for what could never begin a sign-in of theirs. */
function wayTo(account: Account, { method: wanted, id }: Wish, rules: MethodRules): Way {
  const method = rules.methods.get(wanted);
  if (!method?.canBeDefault) throw new Refusal('default-unfit', { possible: possibleIn(rules) });
  const { username } = account;
  if (!allowedTo(account, rules).includes(method)) {
    throw new Refusal('default-not-allowed', { username, method: wanted });
  }
  const held = heldBy(account, method).filter((credential) => !id || credential.id === id);
  const [first, ...others] = held;
  if (!first) throw new Refusal('default-not-held', { username, method: wanted, id });
  if (others.length > 0 && !method.asksAll) {
    throw new Refusal('default-ambiguous', { method: wanted, ids: held.map((one) => one.id) });
  }
  return { method: wanted, credential: first.id };
}

const possibleIn = ({ methods }: MethodRules): string[] =>
  [...methods.values()].filter(({ canBeDefault }) => canBeDefault).map(({ id }) => id);
