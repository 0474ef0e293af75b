/**
 * The end of a sign-in in a browser that is not to ask again, with whoever is quicker in between.
 */
import { expect } from 'chai';
import type { Context } from 'koa';
import type { InteractionResults } from 'oidc-provider';

import { acr, type Proof } from '../../../src/assurance/proof.ts';
import { trustOf } from '../../../src/assurance/trusted-browser.ts';
import type { Browser } from '../../../src/flow/browser.ts';
import type { RequestContext } from '../../../src/flow/request-context.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { type Account, standIn } from '../../../src/models/account.ts';
import { createFinish, type FinishDeps } from '../../../src/sign-in/finish.ts';
import type { Flow } from '../../../src/sign-in/flow.ts';
import type { SignIn } from '../../../src/sign-in/sign-in.ts';
import type { Trust } from '../../../src/sign-in/trusted-browser.ts';
import { memoryModels } from '../verification/memory-models.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = secondsAfter(now, 600);
const kept = {
  ...{ id: 'b', number: 1, browser: 'Firefox, Windows' },
  ...{ provedAt: secondsAfter(now, -600), lastUsedAt: secondsAfter(now, -300), until: later },
};
const account: Account = { ...standIn, _id: 'ada', trustedBrowsers: [kept] };
const password: Proof = {
  ...{ account: 'ada', method: 'password', credential: 'p', at: now },
  ...{ factor: 'knowledge', amr: ['pwd'] },
};
const flow: Flow = {
  ...{ _id: 'f', version: 3, endsAt: later, expiresAt: later, pending: [], proofs: [password] },
  request: {
    ...{ uid: 'f', clientId: 'shop', clientName: 'Shop', firstParty: true, redirectUri: '' },
    ...{ prompts: [], proofs: [], scopes: [], claims: [], uiLocales: [] },
    goal: { acr: acr.mfa, isPolicysOwn: true },
  },
  facts: { account: { id: 'ada', username: 'ada' } },
};
const browser: Browser = { id: 'i'.repeat(22), accounts: [] };
const visit = {
  ...{ browser, place: { network: 'n', browser: 'b' } },
  from: { address: '127.0.0.1', request: 'r' },
} as unknown as RequestContext; // as much of one as finishing asks for

const byPassword: SignIn = {
  ...{ flow, now, goal: flow.request.goal, isPasswordDue: false, account, proofs: [password] },
  ...{ choices: [], addable: [], knownAccounts: [], isConsentNeeded: false },
  firstMethod: 'default',
  notHere: [],
};
const by = (trust: Trust): SignIn => ({
  ...{ ...byPassword, trust, isByTrust: true },
  proofs: [password, trustOf('ada', trust.kept)],
});

describe('The end of a sign-in where the second step is not asked', () => {
  /** `then`: what is read when the first attempt was too late. */
  async function finishing(stored: Account, then: SignIn) {
    const { accounts, flows } = memoryModels(async () => undefined);
    await accounts.create(stored);
    await flows.start(flow);
    const results: InteractionResults[] = [];
    const cookies: Browser[] = [];
    const events: string[] = [];
    const finish = createFinish({
      ...{ flows, accounts, clock: { now: () => now }, interactionSeconds: 3600 },
      ...{ rememberDays: () => 0, trust: () => ({ days: 30 }), trustDays: () => 30 },
      finishInteraction: async (_ctx: Context, _uid: string, result: InteractionResults) =>
        void results.push(result),
      browsers: { write: (_: unknown, written: Browser) => void cookies.push(written) },
      audit: { event: (name: string) => ({ name }), happened: () => undefined },
      meter: { count: () => undefined },
      endCopied: async () => undefined,
      passkeyList: { acceptedOf: async () => undefined },
      signIns: { withFacts: async (read: Flow) => ({ ...then, flow: read }) },
    } as unknown as FinishDeps);
    const isFinished = await finish({} as Context, by({ kept, state: 'held' }), visit);
    const after = await accounts.findById('ada');
    events.push(...(after?.events ?? []).map(({ name }) => name));
    return { isFinished, results, cookies, events, after, flow: await flows.find('f') };
  }
  const numberIn = (after: Account | undefined) => after?.trustedBrowsers?.[0]?.number;

  it('uses the number once, and gives the browser the next one', async () => {
    const { isFinished, results, cookies, after } = await finishing(account, byPassword);
    expect(isFinished).to.equal(true);
    expect(results[0]?.login).to.deep.include({ acr: acr.pwd, amr: ['pwd'] });
    expect(cookies[0]?.accounts[0]?.trust).to.deep.equal({ id: 'b', number: 2 });
    // Kept until the app has its answer: the cookie may not arrive.
    expect(results[0]?.held).to.deep.equal({ id: 'b', number: 2 });
    expect(numberIn(after)).to.equal(2);
  });

  for (const [what, more] of Object.entries({
    'it was ended': { trustedBrowsers: [] },
    'it was used elsewhere': { trustedBrowsers: [{ ...kept, number: 2 }] },
    'the person was signed out': { signedOutAt: now },
    'the account was disabled': { disabledAt: now },
  })) {
    it(`finishes nothing where ${what} since it was read, and goes on where it was`, async () => {
      const ended = await finishing({ ...account, ...more }, byPassword);
      expect(ended.isFinished).to.equal(false);
      expect([ended.results, ended.cookies, ended.events]).to.deep.equal([[], [], []]);
      expect(ended.after?.lastSignInAt).to.deep.equal(account.lastSignInAt);
      const { facts, proofs } = ended.flow ?? {};
      expect({ facts, proofs }).to.deep.equal({ facts: flow.facts, proofs: flow.proofs });
    });
  }

  it('is finished by the second of two tabs as well, which raises nothing', async () => {
    const raised = { ...kept, number: 2, lastUsedAt: now };
    const stored = { ...account, trustedBrowsers: [raised] };
    const ended = await finishing(stored, by({ kept: raised, state: 'just-used' }));
    expect(ended.isFinished).to.equal(true);
    expect(ended.results).to.have.length(1);
    expect(ended.events.filter((name) => name === 'sign-in.finished')).to.have.length(1);
    expect(ended.cookies[0]?.accounts[0]?.trust).to.deep.equal({ id: 'b', number: 2 });
    expect(numberIn(ended.after)).to.equal(2);
  });
});
