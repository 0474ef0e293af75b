/**
 * Putting off what somebody is asked to register, and saying that all is as it should be: counted in
 * the account before the sign-in goes on.
 */
import type { Audit } from '../audit/audit.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Transitions } from '../flow/transitions.ts';
import type { Clock } from '../lib/clock.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { SignIn } from './sign-in.ts';

export interface SkipDeps {
  readonly accounts: Accounts;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly clock: Clock;
}

export function createSkip({ accounts, audit, clock }: SkipDeps, say: Transitions<SignIn>['say']) {
  return {
    /** Undefined where there is nothing to put off, or somebody else did so since it was read. */
    async skip(signIn: SignIn, visit: RequestContext): Promise<SignIn | undefined> {
      const { account, registration, flow } = signIn;
      if (!account || !registration?.skips) return undefined;
      const { why } = registration;
      const events = [
        audit.event('registration.skipped', about(account, signIn, visit), { registering: why }),
      ];
      const skipping = { what: why, now: clock.now(), events };
      if (!(await accounts.skipRegistration(account, skipping))) return undefined;
      audit.happened('accounts', account._id, events);
      const { skipped = [], ...facts } = flow.facts;
      return say(signIn, { ...facts, skipped: [...skipped, why] }, visit);
    },

    async confirm(signIn: SignIn, visit: RequestContext): Promise<SignIn | undefined> {
      const { account, flow } = signIn;
      if (!account) return undefined;
      const events = [audit.event('methods.confirmed', about(account, signIn, visit), {})];
      if (!(await accounts.confirmMethods(account, clock.now(), events))) return undefined;
      audit.happened('accounts', account._id, events);
      return say(signIn, { ...flow.facts, registered: true }, visit);
    },
  };
}

const about = ({ _id }: Account, { flow }: SignIn, { from }: RequestContext) => ({
  by: _id,
  account: _id,
  from: { ...from, client: flow.request.clientId },
});
