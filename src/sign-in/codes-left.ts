/**
 * After a recovery code was used: how many are left, and new ones for whoever wants them.
 */
import type { RequestContext } from '../flow/request-context.ts';
import type { Transitions } from '../flow/transitions.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import type { RenewCodes } from '../verification/renew-codes.ts';
import type { SignIn } from './sign-in.ts';

export interface CodesLeftDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly renewCodes: RenewCodes;
}

export function createCodesLeft(
  { flows, accounts, renewCodes }: CodesLeftDeps,
  say: Transitions<SignIn>['say'],
) {
  const read = ({ _id }: Account) => accounts.findById(_id);
  return {
    /** They go on without new ones, unless these were asked for: the old ones may be void by then. */
    noted(signIn: SignIn, visit: RequestContext) {
      const { codesLeft: _, newCodes, ...facts } = signIn.flow.facts;
      return newCodes ? makeCodes(signIn, visit) : say(signIn, facts, visit);
    },

    makeCodes,
  };

  /** Where somebody else was quicker, how many there are now is said instead. */
  async function makeCodes(signIn: SignIn, visit: RequestContext) {
    const { account, flow } = signIn;
    if (!account) return undefined;
    const { codesLeft: _, newCodes: drafted, ...facts } = flow.facts;
    const newCodes = drafted ?? renewCodes.draft(flow._id, account);
    const kept = drafted
      ? flow
      : newCodes && (await flows.record(flow, { facts: { ...flow.facts, newCodes } }));
    if (newCodes && !kept) return undefined;
    const isDone = newCodes && (await renewCodes.replace(account, newCodes, visit.from));
    const after = isDone
      ? { ...facts, newCodes, recoveryCodes: newCodes.sealed }
      : { ...facts, codesLeft: renewCodes.leftOf((await read(account)) ?? account) ?? 0 };
    return say({ ...signIn, flow: kept ?? flow }, after, visit);
  }
}
