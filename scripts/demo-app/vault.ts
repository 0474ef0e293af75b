/**
 * A resource server of the demo app's own, which is only given an access token, and what the
 * app does when it is refused.
 */
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import { createGuard, type Introspected } from './guard.ts';
import { stepUpWishes, type Wishes } from './step-up.ts';

/** Two steps, or better, within the last five minutes. */
const demand = { acrValues: ['urn:doorstep:acr:mfa', 'phr', 'phrh'], maxAge: 300 };

export const guardVault = (introspect: (token: string) => Promise<Introspected>): Middleware =>
  createGuard(demand, introspect);

const Said = z.object({ vault: z.string() });

/** What the vault says, or what a sign-in must bring first. */
export async function openVault(
  ctx: Context,
  accessToken: string,
): Promise<{ readonly said: string } | { readonly wishes: Wishes }> {
  // Where this very server listens, whatever a Host header says.
  const address = `http://127.0.0.1:${ctx.req.socket.localPort}/api/vault`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${accessToken}` } });
  const wishes = stepUpWishes(answer);
  if (wishes) return { wishes };
  const said = Said.safeParse(await answer.json());
  return { said: said.data?.vault ?? `The vault stays closed (${answer.status}).` };
}
