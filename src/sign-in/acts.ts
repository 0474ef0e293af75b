/**
 * What a person may do in a sign-in, one function each: every one records a fact, or asks or
 * answers through the one door, and gives back the sign-in as it is then, or undefined where
 * nothing was changed.
 */
import { isSameWay, type Way } from '../assurance/way.ts';
import { type AskingDeps, createAsking } from '../flow/asking.ts';
import type { Steps } from '../flow/kind.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Form } from '../lib/form.ts';
import { Problem } from '../lib/problem.ts';
import { visible } from '../lib/visible.ts';
import type { Said } from '../models/flow.ts';
import { type AnswerHereDeps, createAnswerHere } from './answer-here.ts';
import { type CodesLeftDeps, createCodesLeft } from './codes-left.ts';
import { type Flow, isSignInFlow } from './flow.ts';
import { createLetIn, type LetInDeps } from './let-in.ts';
import { createNewPassword, type NewPasswordDeps } from './new-password.ts';
import { createSkip, type SkipDeps } from './skip.ts';
import type { SignIn, SignIns } from './sign-in.ts';
import { nextStep, type Step } from './steps.ts';

type Kit = Omit<AskingDeps<SignIn, Step>, 'steps' | 'saidIn'>;

export interface ActsDeps
  extends Kit, NewPasswordDeps, LetInDeps, CodesLeftDeps, AnswerHereDeps, SkipDeps {
  readonly signIns: SignIns;
}

export type Acts = ReturnType<typeof createActs>;

export function createActs(deps: ActsDeps) {
  const { flows, accounts, signIns } = deps;
  const steps: Steps<SignIn, Step> = {
    isOurs: isSignInFlow,
    withFacts: signIns.withFacts,
    nextStep,
    purpose: 'sign-in',
    forWhom: ({ request }) => ({ id: request.clientId, name: request.clientName }),
  };
  const { transitions, answering, adding } = createAsking({ ...deps, steps, saidIn });
  const { say, ask, begun, askUnnamed } = transitions;

  return {
    ...answering,
    ...adding,
    answer: createAnswerHere(deps, answering.answer),

    async identify(signIn: SignIn, typed: string, visit: RequestContext) {
      const identifier = visible(typed);
      if (identifier === '') return say(signIn, { missing: true, otherAccount: true }, visit);
      const account = await accounts.findByIdentifier(identifier);
      // Shown as it was typed: what the account is called would say that it exists. What a
      // session proved stays with its own account and counts for nobody else.
      const named = { username: identifier, ...(account && { id: account._id }) };
      return say(signIn, { account: named }, visit, { account });
    },

    otherAccount: (signIn: SignIn, visit: RequestContext) =>
      say(signIn, { otherAccount: true }, visit),
    knownAccounts: (signIn: SignIn, visit: RequestContext) => say(signIn, {}, visit),

    /** What is posted by hand is held against the list that the page shows. */
    async choose(signIn: SignIn, way: Way, visit: RequestContext) {
      const step = nextStep(signIn);
      const offered = step.name === 'choose' || step.name === 'begin' ? step.from : [];
      const chosen = offered.find((choice) => isSameWay(choice, way));
      if (!chosen) throw new Problem('method-not-offered');
      const { wants } = chosen;
      const { choosing: _, ...facts } = signIn.flow.facts;
      return ask(signIn, { ...way, facts, ...(wants && { wants }) }, visit);
    },

    /** Ends the open challenge and proves nothing; nothing is begun for them until they choose. */
    async anotherWay(signIn: SignIn, visit: RequestContext) {
      const { facts, challenge } = signIn.flow;
      if (facts.enrolling) return adding.back(signIn, visit);
      if (challenge && !challenge.hasOtherWays) return undefined;
      return say(signIn, { ...facts, choosing: true }, visit);
    },

    enrol: (signIn: SignIn, visit: RequestContext) =>
      say(signIn, { ...signIn.flow.facts, enrolling: {} }, visit),

    /** Whoever has just set something up is asked for nothing that is only wished. */
    saved(signIn: SignIn, visit: RequestContext) {
      const { recoveryCodes: _, added, newCodes: __, ...facts } = signIn.flow.facts;
      return say(signIn, { ...facts, ...(added && { registered: true }) }, visit);
    },

    ...createSkip(deps, say),
    ...createCodesLeft(deps, say),
    newPassword: createNewPassword(deps, say),

    /** After a pass, by whoever has a password that nobody else may know. */
    async keepPassword(signIn: SignIn, visit: RequestContext) {
      if (signIn.isPasswordDue) return undefined;
      const { passwordFlaw: _, ...facts } = signIn.flow.facts;
      return say(signIn, { ...facts, passwordSettled: true }, visit);
    },

    letIn: createLetIn(deps),

    consent: (signIn: SignIn, visit: RequestContext) =>
      say(signIn, { ...signIn.flow.facts, consented: true }, visit),
    cancel: (signIn: SignIn, why: 'by-user' | 'no-way', visit: RequestContext) =>
      say(signIn, { ...signIn.flow.facts, cancelled: why }, visit),

    /** From nothing, as somebody else or after too long: no proof survives. */
    async restart({ flow }: SignIn, visit: RequestContext) {
      const facts = { otherAccount: true } as const;
      const endsAt = flow.expiresAt;
      const challenge = await askUnnamed({ ...flow, facts }, signIns.unnamedWay(), visit);
      const fresh = { facts, challenge, proofs: [], pending: [], endsAt };
      const restarted = await flows.record(flow, fresh);
      return restarted && signIns.withFacts(restarted, visit);
    },

    beginPreferred: begun,
    /** While the flow is not stored yet. */
    askUnnamed: (flow: Flow, visit: RequestContext) =>
      askUnnamed(flow, signIns.unnamedWay(), visit),

    /** From a page that waits, or from mail that was on its way. */
    async goOn(signIn: SignIn, form: Form, visit: RequestContext) {
      const { lettingIn, ...facts } = signIn.flow.facts;
      if (lettingIn) return say(signIn, facts, visit);
      // The answer came from elsewhere, and only now is it known what was ticked here.
      const isTicked = isTrustTicked(form) && !signIn.flow.challenge;
      return isTicked ? say(signIn, { ...facts, trustBrowser: true }, visit) : begun(signIn, visit);
    },
  };
}

/**
 * A password is the first proof: beside it stands whether they want to stay signed in, and beside
 * every other one whether it is to be asked again.
 */
const saidIn = (form: Form): Said => ({
  ...((form.password ?? form.stay) !== undefined && { remember: form.stay === 'true' }),
  ...(form.password === undefined && { trustBrowser: isTrustTicked(form) ? true : undefined }),
});

const isTrustTicked = ({ trust }: Form): boolean => trust === 'true';
