/**
 * A resource server of the demo app's own, the payroll, which is only given an access token, and
 * what the app does when it is refused. Each of its papers wants its own level.
 */
import type { Context, Middleware } from 'koa';
import { z } from 'zod';

import { createGuard, type Demand, type Introspected } from './guard.ts';
import { stepUpWishes, type Wishes } from './step-up.ts';

const MAX_AGE = 300;

export interface Paper {
  readonly title: string;
  readonly act: string;
  readonly words: string;
  readonly demand: Demand;
  /** What it tells whoever proved enough. */
  readonly says: string;
}

export const papers = {
  payslips: {
    ...{ title: 'Payslips', act: 'View payslips' },
    words: 'For two steps within the last five minutes, whichever they are.',
    demand: { acrValues: ['urn:doorstep:acr:mfa', 'phr', 'phrh'], maxAge: MAX_AGE },
    says: 'November: three gold coins, paid on the 25th.',
  },
  'bank-account': {
    ...{ title: 'Bank account', act: 'Change bank account' },
    words: 'Where a thief would send your pay: for a key alone, used within the last five minutes.',
    demand: { acrValues: ['phr', 'phrh'], maxAge: MAX_AGE },
    says: 'From now on your pay goes to the new account.',
  },
} as const satisfies Readonly<Record<string, Paper>>;

export type PaperName = keyof typeof papers;

export const isPaper = (name: string): name is PaperName => Object.hasOwn(papers, name);

export const paperNames = Object.keys(papers).filter(isPaper);

export const guardPaper = (
  paper: PaperName,
  introspect: (token: string) => Promise<Introspected>,
): Middleware => createGuard(papers[paper].demand, introspect);

const Said = z.object({ says: z.string() });

/** What the payroll says, or what a sign-in must bring first. */
export async function askPayroll(
  ctx: Context,
  paper: PaperName,
  accessToken: string,
): Promise<{ readonly says: string } | { readonly wishes: Wishes }> {
  // Where this very server listens, whatever a Host header says.
  const address = `http://127.0.0.1:${ctx.req.socket.localPort}/api/${paper}`;
  const answer = await fetch(address, { headers: { authorization: `Bearer ${accessToken}` } });
  const wishes = stepUpWishes(answer);
  if (wishes) return { wishes };
  const said = Said.safeParse(await answer.json());
  return { says: said.data?.says ?? `The payroll says nothing (${answer.status}).` };
}
