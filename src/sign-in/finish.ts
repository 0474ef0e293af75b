/**
 * The only place where a result is handed to the provider. What it says about the sign-in is
 * computed from recorded proofs; on any doubt the app gets an error, never a lower level.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

import { levelOf, whatIsLacking } from '../assurance/levels.ts';
import type { Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import { type Browser, type Browsers, lastUsedHere, withAccount } from '../flow/browser.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Clock } from '../lib/clock.ts';
import type { Meter } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import {
  type FinishInteraction,
  refused,
  type Refusal,
  signedIn,
} from '../oidc/finish-interaction.ts';
import { saveConsent } from '../oidc/grants.ts';
import { clearedBy } from '../verification/rate-limits/rate-limiter.ts';
import { finishOf, refusalOf } from './audit-events.ts';
import type { AllAccepted, PasskeyList } from '../verification/passkey-list.ts';
import { isStepUp } from './flow.ts';
import { type SignIn, sinceSignedOut } from './sign-in.ts';

export interface FinishDeps {
  readonly provider: Provider;
  readonly finishInteraction: FinishInteraction;
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly browsers: Browsers;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly meter: Meter;
  /** 0: nobody stays signed in. */
  readonly rememberDays: () => number;
  readonly passkeyList: Pick<PasskeyList, 'acceptedOf'>;
}

declare module 'koa' {
  interface ExtendableContext {
    /** Of whoever has just signed in, for the page that leads on. */
    acceptedKeys?: AllAccepted | undefined;
  }
}

export type Finish = ReturnType<typeof createFinish>;

export function createFinish(deps: FinishDeps) {
  const { provider, flows, accounts, browsers, clock, audit, meter, rememberDays, passkeyList } =
    deps;

  /**
   * Stores the result; false when the flow moved on since it was read, or somebody else finished
   * it. A crash between ending the flow and storing the result costs the person a sign-in and
   * grants nothing.
   */
  return async function finish(
    ctx: Context,
    read: SignIn,
    visit: RequestContext,
  ): Promise<boolean> {
    const { flow } = read;
    if (flow.expiresAt <= clock.now()) throw new Problem('flow-expired');
    const signIn = {
      ...read,
      account: read.account ?? (await accounts.findById(flow.facts.account?.id)),
    };
    const refusal = refusalFor(signIn);
    const events = refusal ? refusalOf(flow, refusal, visit, audit) : [];
    if (!(await flows.end(flow, events))) return false;
    audit.happened('flows', flow._id, events);

    const consent = refusal ? undefined : await consentTo(signIn);
    const result = refusal ? refused(refusal) : await accepted(ctx, signIn, visit, consent);
    await deps.finishInteraction(ctx, flow._id, result);
    meter.count('sign_ins_total', { outcome: refusal ?? 'finished' });
    return true;
  };

  /** The grant's id, where they were asked. */
  async function consentTo({ flow: { request, facts }, account }: Finishing) {
    if (!facts.consented || !account) return {};
    const { clientId, scopes, claims, grantId: known } = request;
    const accountId = account._id;
    const theirs = request.sessionAccount === accountId ? known : undefined;
    const wanted = { accountId, clientId, scopes, claims, grantId: theirs };
    return { grantId: await saveConsent(provider, wanted) };
  }

  async function accepted(
    ctx: Context,
    { flow, account, proofs, goal, isPasswordDue }: Finishing,
    visit: RequestContext,
    consent: { readonly grantId?: string } | undefined,
  ) {
    const { facts } = flow;
    const { browser, place } = visit;
    const now = clock.now();
    // nextStep said so a moment ago; a token must not depend on one reading only.
    if (!account || isPasswordDue || whatIsLacking(goal, proofs, now).length > 0) {
      throw new Error('a sign-in was finished without what it takes');
    }
    const second = proofs.filter(({ factor }) => factor === 'possession');
    const used = second.map(({ credential }) => credential);
    const cleared = clearedBy(used, place);
    const acr = levelOf(proofs, now) ?? '';
    const events = finishOf({ flow, account, proofs }, visit, acr, audit);
    ctx.acceptedKeys = await passkeyList.acceptedOf(account);
    await accounts.signedIn(account, { ...place, at: now, cleared, events });
    audit.happened('accounts', account._id, events);

    const isAsked = !isStepUp(flow) && rememberDays() > 0;
    const remember = isAsked ? facts.remember === true : isStepUp(flow);
    const staysTicked = isAsked ? remember : wasTicked(browser, account);
    const lastUsed = second.at(-1) ?? lastUsedHere(browser, account);
    const known = { ...account, ...(lastUsed && { lastUsed: wayOf(lastUsed) }) };
    browsers.write(ctx.cookies, withAccount(browser, known, staysTicked));
    return signedIn({ accountId: account._id, proofs, remember, ...consent }, now);
  }
}

const wasTicked = ({ accounts }: Browser, { username }: Account): boolean =>
  accounts.some((known) => known.username === username && known.staySignedIn);

const wayOf = ({ method, credential }: Way): Way => ({ method, credential });

/** The account read at the latest now. */
type Finishing = Omit<SignIn, 'account'> & { readonly account: Account | undefined };

/** What the app is told instead of a sign-in, if anything. */
function refusalFor({ flow, account, proofs, now }: Finishing): Refusal | undefined {
  const { facts, request } = flow;
  if (facts.cancelled)
    return facts.cancelled === 'no-way' ? 'unmet_authentication_requirements' : 'access_denied';
  // Disabled between the last proof and now, or gone altogether.
  if (!account || account.disabledAt) return 'access_denied';
  // Signed out everywhere meanwhile, which takes this sign-in with it.
  if (sinceSignedOut(proofs, account).length < proofs.length) return 'login_required';
  // The library compares the hint at /auth only, and would hand out a code for whoever came back.
  if (request.expectedAccount !== undefined && request.expectedAccount !== account._id) {
    return 'login_required';
  }
  return levelOf(proofs, now) ? undefined : 'unmet_authentication_requirements';
}
