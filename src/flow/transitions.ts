/**
 * What follows when somebody said something: it is recorded, or, where it makes a question
 * necessary, the question is begun in the same write. The last fact of all is not written on
 * its own, because finishing is a write.
 */
import type { Purpose } from '../assurance/purpose.ts';
import type { Way } from '../assurance/way.ts';
import { Problem } from '../lib/problem.ts';
import type { Account } from '../models/account.ts';
import type { Facts, Flows } from '../models/flow.ts';
import type { AskNext } from '../verification/settle.ts';
import type { Asking, Asks } from '../verification/begin.ts';
import type { AnyStep, Known, State, Steps, Wanted } from './kind.ts';
import type { RequestContext } from './request-context.ts';

export interface TransitionDeps<S extends State, Step extends AnyStep> extends Asks {
  readonly flows: Flows;
  readonly steps: Steps<S, Step>;
}

interface Question<Known extends Facts> extends Wanted {
  readonly purpose?: Purpose;
  /** What the flow knows once the question is asked, if that is new. */
  readonly facts?: Known;
}

export type Transitions<S extends State> = ReturnType<typeof createTransitions<S, AnyStep>>;

export function createTransitions<S extends State, Step extends AnyStep>(
  deps: TransitionDeps<S, Step>,
) {
  const { flows, steps } = deps;
  const { nextStep, withFacts } = steps;
  return { say, ask, begun, askNext, askUnnamed };

  /** Whatever is said closes the open challenge: a proof never outlives its question. */
  async function say(
    state: S,
    facts: S['flow']['facts'],
    visit: RequestContext,
    known = knownOf(state),
  ) {
    const flow: S['flow'] = state.flow;
    const said = { ...flow, challenge: undefined, facts, pending: [] };
    const then = await withFacts(said, visit, known);
    const { name, choice } = nextStep(then);
    if (name === 'finish') return then;
    if (!choice) return record(then);
    try {
      return await ask(then, choice, visit);
    } catch (error) {
      // What was said holds even where what comes next cannot be asked just now.
      if (error instanceof Problem) await record(then);
      throw error;
    }
  }

  async function record(said: S): Promise<S | undefined> {
    const { facts } = said.flow;
    const recorded = await flows.record(said.flow, { facts, challenge: undefined, pending: [] });
    return recorded && { ...said, flow: recorded };
  }

  /** Asks for what is next, where a person's own act made it necessary. */
  async function begun(state: S, visit: RequestContext): Promise<S> {
    const { name, choice } = nextStep(state);
    if (name !== 'begin' || !choice) return state;
    return (await ask(state, choice, visit)) ?? state;
  }

  /** What may be asked in the very write that stores a proof. */
  function askNext(visit: RequestContext): AskNext<S['flow']> {
    return async (settled, account) => {
      const then = await withFacts(settled, visit, { account });
      const { name, choice } = nextStep(then);
      if (name !== 'begin' || !choice) return undefined;
      return deps.askOnPage(settled, asking(then, choice, visit));
    };
  }

  /** What may be asked before anybody is named, in the very write that stores the flow. */
  async function askUnnamed(flow: S['flow'], way: Way | undefined, visit: RequestContext) {
    return way && deps.askOnPage(flow, asking({ flow }, way, visit));
  }

  async function ask(
    state: S,
    question: Question<S['flow']['facts']>,
    visit: RequestContext,
  ): Promise<S | undefined> {
    const asked = await deps.begin(state.flow, asking(state, question, visit));
    return asked && { ...state, flow: asked };
  }

  function asking(
    { flow, account }: Pick<S, 'flow' | 'account'>,
    question: Question<S['flow']['facts']>,
    visit: RequestContext,
  ): Asking {
    const { method, credential, purpose = steps.purpose, facts = flow.facts } = question;
    const { wants, isRaised } = question;
    const { locale, place, from } = visit;
    const { id, name } = steps.forWhom(flow);
    return {
      account,
      choice: { method, credential },
      ...(isRaised && { isRaised }),
      purpose,
      ...(wants && { wants }),
      client: name,
      locale,
      asker: askerOf(from, account?.known.networks.includes(place.network) ?? false),
      from: { ...from, client: id },
      facts,
    };
  }
}

const askerOf = (
  { address, browser }: RequestContext['from'],
  isKnownNetwork: boolean,
): NonNullable<Asking['asker']> => ({
  address,
  ...(browser !== undefined && { browser }),
  isKnownNetwork,
});

/** An account that nobody read is not one that is not there. */
export const knownOf = ({ account }: { readonly account?: Account }): Known | undefined =>
  account && { account };
