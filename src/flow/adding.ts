/**
 * Setting up a method, in whichever flow: what is typed becomes a draft, the draft is asked for,
 * and what is found wrong leads back to where it was typed.
 */
import { Problem } from '../lib/problem.ts';
import type { Form } from '../lib/form.ts';
import type { Enrolling } from '../models/flow.ts';
import type { Enrolment } from '../verification/enrol.ts';
import type { AddingState } from './adding-props.ts';
import type { Answering } from './answering.ts';
import type { ForWhom, State } from './kind.ts';
import type { RequestContext } from './request-context.ts';
import type { Transitions } from './transitions.ts';

export interface AddingDeps<S extends State> {
  readonly enrolment: Enrolment;
  readonly transitions: Transitions<S>;
  readonly answer: Answering<S>['answer'];
  readonly forWhom: (flow: S['flow']) => ForWhom;
}

export function createAdding<S extends State & AddingState>(deps: AddingDeps<S>) {
  const { enrolment, answer, forWhom } = deps;
  const { say, ask } = deps.transitions;

  return {
    async add(state: S, form: Form, visit: RequestContext): Promise<S | undefined> {
      const { account, addable, flow } = state;
      const { method = '' } = form;
      if (!account) return undefined;
      if (!addable.includes(method)) throw new Problem('method-not-offered');
      const typed = enrolment.typedIn(form, method);
      // The list, which names a method alone, leads to a form, unless there is nothing to type.
      const isChosenOnly = Object.keys(typed).length === 0 && !enrolment.asksNothing(method);
      const { replaces } = flow.facts.enrolling ?? {};
      const wish = { method, typed, flow: flow._id, client: forWhom(flow).name, replaces };
      const chosen = { method, ...(replaces && { replaces }) };
      const enrolling: Enrolling = isChosenOnly ? chosen : await enrolment.draft(account, wish);
      const facts = { ...flow.facts, enrolling };
      const { draft, pairing } = enrolling;
      if (draft && enrolment.isAskedLater(method)) {
        const confirming = { flow: { ...flow, facts }, account, from: visit.from };
        const confirmed = await enrolment.confirm(confirming, undefined);
        return confirmed && say(state, confirmed, visit);
      }
      if (!draft || pairing) return say(state, facts, visit);
      return ask(state, { method, credential: draft.id, facts, purpose: 'enrol' }, visit);
    },

    /** An answer that brings what is being added, and none to any other question. */
    attest: async ({ flow: { _id, challenge } }: S, form: Form, visit: RequestContext) =>
      challenge?.purpose === 'enrol' ? answer(_id, form, visit) : undefined,

    /** From the code back to the number that was mistyped; from there to the list of methods. */
    async back(state: S, visit: RequestContext): Promise<S | undefined> {
      const { enrolling = {}, ...facts } = state.flow.facts;
      return say(state, { ...facts, enrolling: backFrom(enrolling, enrolment) }, visit);
    },
  };
}

function backFrom({ method, typed, draft, replaces }: Enrolling, enrolment: Enrolment): Enrolling {
  const asksSomething = method !== undefined && !enrolment.asksNothing(method);
  const hasForm = draft && asksSomething;
  const kept = replaces && { replaces, ...(asksSomething && { method }) };
  return { ...kept, ...(hasForm && { method, ...(typed && { typed }) }) };
}
