/**
 * The two pages of the demo app: ways to sign in, and who is signed in.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import ejs from 'ejs';
import type { Context } from 'koa';

import { demoPeople, waysToTry } from '../demo-people.ts';
import { calmly, clockTime, explain, happened, proofsIn, stepsOf } from './explain.ts';
import { papers } from './payroll.ts';
import type { SignedIn } from './session.ts';

/** Something to be told, in words and by its code. */
export interface Notice {
  readonly words: string;
  readonly code?: string;
}

export const problem = (code: string): Notice => ({ code, words: calmly(code) });

export const signedOut: Notice = {
  words: 'You are signed out of this app, and of Doorstep unless you chose to stay there.',
};

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** What the pages load, by path. */
export const files = {
  '/demo-app.css': { type: 'css', content: readFileSync(fileOf('demo-app.css')) },
  '/demo-app.svg': { type: 'svg', content: readFileSync(fileOf('demo-app.svg')) },
  '/demo-app.js': { type: 'js', content: readFileSync(fileOf('demo-app.js')) },
} as const;

interface Around {
  readonly handset: string;
  readonly notice: Notice | undefined;
}

export const showWelcome = (ctx: Context, around: Around): Promise<void> =>
  show(ctx, 'welcome', { ...around, people: demoPeople, ways: waysToTry });

export async function showSignedIn(
  ctx: Context,
  signedIn: SignedIn,
  around: Around,
): Promise<void> {
  const { as, begun, tokens, name, acrBefore, answers = {} } = signedIn;
  const steps = stepsOf(tokens.claims.acr);
  await show(ctx, 'signed-in', {
    ...{ ...around, as, steps, answers, papers, wishes: begun.wishes },
    greeting: name === undefined ? 'Hello' : `Hello, ${name}`,
    happened: around.notice ? 'You are still signed in.' : happened(signedIn),
    hasGrown: acrBefore !== undefined && stepsOf(acrBefore) < steps,
    proofs: proofsIn(tokens),
    account: accountAt(tokens.claims.iss),
    scope: tokens.scope,
    until: clockTime(tokens.expiresAt / 1000),
    canRefresh: tokens.refreshToken !== undefined,
    lines: explain(tokens),
    claims: JSON.stringify(tokens.claims, undefined, 2),
  });
}

/** Where its people manage how they sign in. */
const accountAt = (issuer: unknown): string | undefined =>
  typeof issuer === 'string' ? new URL('/account', issuer).href : undefined;

async function show(ctx: Context, page: string, props: object): Promise<void> {
  ctx.type = 'html';
  ctx.body = await ejs.renderFile(fileOf(`${page}.ejs`), props);
}
