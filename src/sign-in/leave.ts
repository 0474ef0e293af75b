/**
 * The last page of a sign-in leads to where the provider waits for the browser. It is a page and
 * no redirect, because the app may be at the end of a chain that began with a form.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

import { type Browsers, withTrust } from '../flow/browser.ts';
import { lookFor } from '../flow/look-for.ts';
import type { Accounts } from '../models/account.ts';
import { storedIn } from '../models/trusted-browser.ts';
import { type Result, resultHere } from '../oidc/finish-interaction.ts';
import { isPrivateUse } from '../oidc/leave.ts';
import type { Flow } from './flow.ts';

export interface LeaveDeps {
  readonly provider: Provider;
  readonly browsers: Browsers;
  readonly accounts: Pick<Accounts, 'findById'>;
}

/** Once whoever finished has stored the result; throws Problem `flow-expired` after that was used. */
export const createLeave = (deps: LeaveDeps) =>
  async function leave(ctx: Context, { _id: uid, request, facts }: Flow): Promise<void> {
    const { provider } = deps;
    const result = await lookFor(() => resultHere(provider, ctx));
    // The answer of whoever finished never came: of two clicks, browsers drop the first one's.
    if (facts.isOver && result) await keepTrust(ctx, result, deps);
    const { clientName: name, logo, redirectUri } = request;
    ctx.page('sign-in/leave', {
      href: provider.pathFor('resume', { uid }),
      client: { name, ...(logo && { logo }) },
      isByHand: isPrivateUse(redirectUri),
      ...(ctx.acceptedKeys && { acceptedKeys: ctx.acceptedKeys }),
    });
  };

/**
 * Without its new number this browser would pass for a copy the next time. Not where the account
 * has gone on since: the browser heard of that, or of nothing that an old number would mend.
 */
async function keepTrust(
  ctx: Context,
  { login, held }: Result,
  { browsers, accounts }: LeaveDeps,
): Promise<void> {
  const account = held && (await accounts.findById(login?.accountId));
  if (!account) return;
  const isCurrent = storedIn(account).some(
    ({ id, number }) => id === held.id && number === held.number,
  );
  if (isCurrent) browsers.write(ctx.cookies, withTrust(browsers.read(ctx.cookies), account, held));
}
