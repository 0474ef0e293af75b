/**
 * A resource server of the demo app's own, which is only given an access token, and what the
 * app does when it is refused.
 */
import type { Middleware } from 'koa';

import { createGuard, type Introspected } from './guard.ts';
import { stepUpWishes, type Wishes } from './step-up.ts';

/** Two steps, or better, within the last five minutes. */
const demand = { acrValues: ['urn:doorstep:acr:mfa', 'phr', 'phrh'], maxAge: 300 };

export const guardVault = (introspect: (token: string) => Promise<Introspected>): Middleware =>
  createGuard(demand, introspect);

/** What the vault says, or what a sign-in must bring first. */
export async function openVault(
  address: string,
  accessToken: string,
): Promise<{ readonly said: string } | { readonly wishes: Wishes }> {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${accessToken}` } });
  const wishes = stepUpWishes(answer);
  return wishes ? { wishes } : { said: await answer.text() };
}
