/**
 * A browser that shows an old number has a copy of another's cookie, or had its own copied: then
 * the account trusts neither any more, and its owner is told. Asked for after the password only.
 */
import type { Audit } from '../audit/audit.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Accounts } from '../models/account.ts';
import type { SignIn } from './sign-in.ts';

export interface EndCopiedDeps {
  readonly accounts: Pick<Accounts, 'endTrust'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
}

export type EndCopied = ReturnType<typeof createEndCopied>;

export const createEndCopied =
  ({ accounts, audit }: EndCopiedDeps) =>
  async (
    { flow, account, proofs, trust }: SignIn,
    { from }: Pick<RequestContext, 'from'>,
  ): Promise<void> => {
    const isKnown = proofs.some(({ factor }) => factor === 'knowledge');
    if (!account || trust?.state !== 'copied' || !isKnown) return;
    const { id, browser } = trust.kept;
    const about = {
      ...{ by: account._id, account: account._id },
      from: { ...from, client: flow.request.clientId },
    };
    const events = [
      audit.event('browser.trust-replayed', about, { trusted: id, trustedAs: browser ?? '' }),
    ];
    // Of two that notice, one tells.
    if (await accounts.endTrust(account._id, [id], events)) {
      audit.happened('accounts', account._id, events);
    }
  };
