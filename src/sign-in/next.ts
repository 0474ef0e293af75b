/**
 * What follows when somebody said something: it is recorded, or, where it makes a question
 * necessary, the question is begun in the same write. The last fact of all is not written on
 * its own, because finishing is a write.
 */
import type { Way } from '../assurance/way.ts';
import { Problem } from '../lib/problem.ts';
import type { Account } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Facts, Flows } from '../models/flow.ts';
import type { AskNext } from '../verification/answer.ts';
import type { Asking, Asks } from '../verification/begin.ts';
import type { Flow } from './flow.ts';
import type { Known, SignIn, SignIns, Visit } from './sign-in.ts';
import { nextStep } from './steps.ts';

export interface NextDeps extends Asks {
  readonly signIns: SignIns;
  readonly flows: Flows;
}

interface Question extends Way {
  readonly purpose?: Asking['purpose'];
  /** What the flow knows once the question is asked, if that is new. */
  readonly facts?: Facts;
}

export function createNext(deps: NextDeps) {
  const { flows, signIns } = deps;
  return { say, ask, begun, askNext };

  /** Whatever is said closes the open challenge: a proof never outlives its question. */
  async function say(signIn: SignIn, facts: Facts, visit: Visit, known = knownOf(signIn)) {
    const { challenge: _, ...flow } = signIn.flow;
    const said: Flow = { ...flow, facts, pending: [] };
    const then = await signIns.withFacts(said, visit, known);
    const step = nextStep(then);
    if (step.name === 'finish') return then;
    if (step.name !== 'begin') return record(then);
    try {
      return await ask(then, step.choice, visit);
    } catch (error) {
      // What was said holds even where what comes next cannot be asked just now.
      if (error instanceof Problem) await record(then);
      throw error;
    }
  }

  async function record(said: SignIn): Promise<SignIn | undefined> {
    const { facts } = said.flow;
    const recorded = await flows.record(said.flow, { facts, challenge: undefined, pending: [] });
    return recorded && { ...said, flow: recorded };
  }

  /** Asks for what is next, where a person's own act made it necessary. */
  async function begun(signIn: SignIn, visit: Visit): Promise<SignIn> {
    const step = nextStep(signIn);
    if (step.name !== 'begin') return signIn;
    return (await ask(signIn, step.choice, visit)) ?? signIn;
  }

  /** What may be asked in the very write that stores a proof. */
  function askNext(visit: Visit): AskNext<Flow> {
    return async (settled, account) => {
      const then = await signIns.withFacts(settled, visit, { account });
      const step = nextStep(then);
      if (step.name !== 'begin') return undefined;
      return deps.askOnPage(settled, asking(then, step.choice, visit));
    };
  }

  async function ask(signIn: SignIn, question: Question, visit: Visit) {
    const begun = await deps.begin(signIn.flow, asking(signIn, question, visit));
    return begun && { ...signIn, flow: begun };
  }
}

const asking = (
  { flow, account }: SignIn,
  { method, credential, purpose = 'sign-in', facts = flow.facts }: Question,
  { locale, place, from }: Visit,
): Asking => ({
  account,
  choice: { method, credential },
  purpose,
  client: flow.request.clientName,
  locale,
  asker: askerOf(from, account?.known.networks.includes(place.network) ?? false),
  from: { ...from, client: flow.request.clientId },
  facts,
});

const askerOf = (
  { address, browser }: From,
  isKnownNetwork: boolean,
): NonNullable<Asking['asker']> => ({
  address,
  ...(browser !== undefined && { browser }),
  isKnownNetwork,
});

/** An account that nobody read is not one that is not there. */
export const knownOf = ({ account }: { readonly account?: Account }): Known | undefined =>
  account && { account };
