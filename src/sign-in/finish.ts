/**
 * The only place where a result is handed to the provider. What it says about the sign-in is
 * computed from recorded proofs; on any doubt the app gets an error, never a lower level.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { InteractionResults } from 'oidc-provider';

import { levelOf, whatIsLacking } from '../assurance/levels.ts';
import type { Proof } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import {
  type Browsers,
  type HeldTrust,
  lastUsedHere,
  wasTicked,
  withAccount,
} from '../flow/browser.ts';
import type { RequestContext } from '../flow/request-context.ts';
import { type Clock, secondsAfter } from '../lib/clock.ts';
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
import type { TrustPolicy } from '../oidc/session.ts';
import { clearedBy } from '../verification/rate-limits/rate-limiter.ts';
import { finishOf, refusalOf } from './audit-events.ts';
import type { AllAccepted, PasskeyList } from './passkey-list.ts';
import type { EndCopied } from './end-copied.ts';
import { type Flow, isStepUp } from './flow.ts';
import { type SignIn, type SignIns, sinceSignedOut } from './sign-in.ts';
import { nextStep } from './steps.ts';
import { changeOf, trustAfter } from './trust-change.ts';

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
  readonly trust: () => TrustPolicy;
  /** For how many days people may choose not to be asked again in a browser. */
  readonly trustDays: () => number;
  readonly endCopied: EndCopied;
  readonly signIns: Pick<SignIns, 'withFacts'>;
  readonly interactionSeconds: number;
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

  return finish;

  /**
   * Stores the result; false when the flow moved on since it was read, or somebody else finished
   * it. A crash between ending the flow and storing the result costs the person a sign-in and
   * grants nothing.
   */
  async function finish(ctx: Context, read: SignIn, visit: RequestContext): Promise<boolean> {
    const { flow } = read;
    if (flow.expiresAt <= clock.now()) throw new Problem('flow-expired');
    const signIn = {
      ...read,
      account: read.account ?? (await accounts.findById(flow.facts.account?.id)),
    };
    const refusal = refusalFor(signIn);
    const events = refusal ? refusalOf(flow, refusal, visit, audit) : [];
    if (!(await flows.end(flow, { events }))) return false;
    audit.happened('flows', flow._id, events);

    const result = refusal ? refused(refusal) : await accepted(ctx, signIn, visit);
    if (!result) return again(ctx, flow, visit);
    await deps.finishInteraction(ctx, flow._id, result);
    meter.count('sign_ins_total', { outcome: refusal ?? 'finished' });
    return true;
  }

  /**
   * This browser's trust was used or ended since it was read, so the flow goes on as if nobody had
   * ended it: to the second step, or, where another tab was quicker by a moment, to its end.
   */
  async function again(ctx: Context, flow: Flow, visit: RequestContext): Promise<boolean> {
    const { _id, version, facts, proofs } = flow;
    const ended = { ...flow, version: version + 1 };
    const reopened = await flows.record(ended, { facts, proofs, challenge: undefined });
    if (!reopened) throw new Error(`the flow ${_id} was ended and could not be gone on with`);
    const account = await accounts.findById(facts.account?.id);
    const then = await deps.signIns.withFacts(reopened, visit, { account });
    return nextStep(then).name === 'finish' ? finish(ctx, then, visit) : false;
  }

  async function accepted(
    ctx: Context,
    signIn: Finishing,
    visit: RequestContext,
  ): Promise<InteractionResults | undefined> {
    const { flow, account, proofs, goal, isPasswordDue } = signIn;
    const { place } = visit;
    const now = clock.now();
    // nextStep said so a moment ago; a token must not depend on one reading only.
    if (!account || isPasswordDue || whatIsLacking(goal, proofs, now).length > 0) {
      throw new Error('a sign-in was finished without what it takes');
    }
    const used = proofs.filter(isSecondStep).map(({ credential }) => credential);
    const cleared = clearedBy(used, place);
    const trusting = deps.trust();
    const acr = levelOf(proofs, now, trusting) ?? '';
    const ending = { ...signIn, account };
    await deps.endCopied(ending, visit);
    const trust = changeOf(ending, circumstances(flow, visit, now));
    const events = finishOf({ flow, account, proofs, trust }, visit, acr, audit);
    const isWritten = await accounts.signedIn(account, {
      ...place,
      at: now,
      cleared,
      events,
      trust,
    });
    if (!isWritten && signIn.isByTrust) return undefined;
    ctx.acceptedKeys = await passkeyList.acceptedOf(account);
    audit.happened('accounts', account._id, events);

    const consent = await consentTo(signIn, provider);
    const { proofs: known, held } = trustAfter(trust, ending);
    const remember = keep(ctx, ending, visit, held);
    const result = { accountId: account._id, proofs: known, remember, held, ...consent };
    return signedIn({ ...result, trust: trusting }, now);
  }

  function circumstances({ expiresAt }: Flow, { from: { browser } }: RequestContext, now: Date) {
    const begunAt = secondsAfter(expiresAt, -deps.interactionSeconds);
    return { now, browser, begunAt, days: deps.trustDays() };
  }

  /** What the browser remembers of it; whether they stay signed in. */
  function keep(
    ctx: Context,
    { flow, proofs, account }: Pick<SignIn, 'flow' | 'proofs'> & { readonly account: Account },
    { browser }: RequestContext,
    trust: HeldTrust | undefined,
  ): boolean {
    const isAsked = !isStepUp(flow) && rememberDays() > 0;
    const remember = isAsked ? flow.facts.remember === true : isStepUp(flow);
    const staysSignedIn = isAsked ? remember : wasTicked(browser, account);
    const lastUsed = proofs.findLast(isSecondStep) ?? lastUsedHere(browser, account);
    const known = { ...account, ...(lastUsed && { lastUsed: wayOf(lastUsed) }) };
    browsers.write(ctx.cookies, withAccount(browser, known, { staysSignedIn, trust }));
    return remember;
  }
}

const isSecondStep = ({ factor }: Proof): boolean => factor === 'possession';

const wayOf = ({ method, credential }: Way): Way => ({ method, credential });

/** The account read at the latest now. */
type Finishing = Omit<SignIn, 'account'> & { readonly account: Account | undefined };

/** The grant's id, where they were asked. */
async function consentTo({ flow: { request, facts }, account }: Finishing, provider: Provider) {
  if (!facts.consented || !account) return {};
  const { clientId, scopes, claims, grantId: known } = request;
  const accountId = account._id;
  const theirs = request.sessionAccount === accountId ? known : undefined;
  const wanted = { accountId, clientId, scopes, claims, grantId: theirs };
  return { grantId: await saveConsent(provider, wanted) };
}

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
