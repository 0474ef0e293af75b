/**
 * What somebody may do in a change, one function each: every one records a fact, or asks or answers
 * through the one door. What is made of it is written in the end, by finish.ts.
 */
import { type AskingDeps, createAsking } from '../flow/asking.ts';
import type { Steps } from '../flow/kind.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Form } from '../lib/form.ts';
import type { Methods } from '../verification/choices.ts';
import type { RenewCodes } from '../verification/renew-codes.ts';
import { firstFacts } from './begin.ts';
import type { Change, Changes } from './change.ts';
import { type Facts, isChangeFlow } from './flow.ts';
import { createNewPassword, type NewPasswordDeps } from './new-password.ts';
import { nextStep, type Step } from './steps.ts';

export interface ActsDeps
  extends Omit<AskingDeps<Change, Step>, 'steps' | 'saidIn'>, NewPasswordDeps {
  readonly changes: Changes;
  readonly methods: Methods;
  readonly renewCodes: RenewCodes;
  /** As messages name us. */
  readonly client: { readonly id: string; readonly name: string };
}

export type Acts = ReturnType<typeof createActs>;

export function createActs(deps: ActsDeps) {
  const { flows, changes, renewCodes } = deps;
  const steps: Steps<Change, Step> = {
    isOurs: isChangeFlow,
    withFacts: changes.withFacts,
    nextStep,
    purpose: 'change',
    forWhom: () => deps.client,
  };
  const { transitions, answering, adding } = createAsking({ ...deps, steps });
  const { say } = transitions;

  return {
    ...answering,
    ...adding,

    /** A question that was open while the proof grew old waits until there is another. */
    async answer(
      uid: string,
      form: Form,
      visit: RequestContext,
      read?: (flow: Change['flow']) => void,
    ): Promise<Change | undefined> {
      const change = await changes.load(uid, visit);
      const isAsked = change && nextStep(change).name === 'answer';
      return isAsked ? answering.answer(uid, form, visit, read) : change;
    },

    /** What was proved in the session goes along with what is added by it. */
    async add(change: Change, form: Form, visit: RequestContext) {
      const flow = await flows.record(change.flow, { proofs: change.proofs });
      return flow && adding.add({ ...change, flow }, form, visit);
    },

    /** The page of the codes has told them what was added. */
    saved(change: Change, visit: RequestContext) {
      const { recoveryCodes: _, ...facts } = change.flow.facts;
      return say(change, { ...facts, confirmed: true }, visit);
    },

    /** They lie in the flow before they are in the account: after a crash the same are shown. */
    async makeCodes(change: Change, visit: RequestContext) {
      const { account, flow } = change;
      const codes = account && (flow.facts.newCodes ?? renewCodes.draft(flow._id, account));
      if (!account || !codes) return undefined;
      const facts = { ...flow.facts, newCodes: codes };
      const kept = await flows.record(flow, { facts });
      const from = { ...visit.from, client: deps.client.id };
      const isDone = kept && (await renewCodes.replace(account, codes, from));
      if (!isDone) return undefined;
      return say({ ...change, flow: kept }, { ...facts, recoveryCodes: codes.sealed }, visit);
    },

    begin: (change: Change, visit: RequestContext) => transitions.begun(change, visit),
    newPassword: createNewPassword(deps, say),

    said: (change: Change, said: Partial<Facts>, visit: RequestContext) =>
      say(change, { ...change.flow.facts, ...said }, visit),

    /** As it was wished, with nothing said yet. */
    async restart(change: Change, visit: RequestContext) {
      const { account, flow } = change;
      return account && say(change, firstFacts(account, flow.request, deps.methods), visit);
    },
  };
}
