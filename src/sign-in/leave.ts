/**
 * The last page of a sign-in leads to where the provider waits for the browser. It is a page and
 * no redirect, because the app may be at the end of a chain that began with a form.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

import { lookFor } from '../flow/look-for.ts';
import { hasResult } from '../oidc/finish-interaction.ts';
import { isPrivateUse } from '../oidc/leave.ts';
import type { Flow } from './flow.ts';

/** Once whoever finished has stored the result; throws Problem `flow-expired` after that was used. */
export const createLeave = (provider: Provider) =>
  async function leave(ctx: Context, { _id: uid, request }: Flow): Promise<void> {
    await lookFor(() => hasResult(provider, ctx));
    const { clientName: name, logo, redirectUri } = request;
    ctx.page('sign-in/leave', {
      href: provider.pathFor('resume', { uid }),
      client: { name, ...(logo && { logo }) },
      isByHand: isPrivateUse(redirectUri),
      ...(ctx.acceptedKeys && { acceptedKeys: ctx.acceptedKeys }),
    });
  };
