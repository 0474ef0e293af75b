/**
 * A second flow, made of the kit alone: a person proves that it is them, agrees, and it is done.
 * All that it says of itself is in here; the rest comes with the kit.
 */
import type { Way } from '../../../src/assurance/way.ts';
import { createAnswering } from '../../../src/flow/answering.ts';
import type { State, Steps } from '../../../src/flow/kind.ts';
import { flowRoutes, type FlowRoutesDeps } from '../../../src/flow/routes.ts';
import { createTransitions } from '../../../src/flow/transitions.ts';
import type { Facts, Flow as AnyFlow } from '../../../src/models/flow.ts';
import { hasEnded } from '../../../src/models/flow-end.ts';
import type { World } from '../verification/memory-door.ts';

type Flow = AnyFlow<{ readonly errand: string }, Facts & { readonly agreed?: true }>;
type Agreeing = State & { readonly flow: Flow; readonly hasEnded: boolean };
interface Step {
  readonly name: 'over' | 'expired' | 'answer' | 'begin' | 'agree' | 'finish';
  readonly choice?: Way;
}

function nextStep({ flow, hasEnded }: Agreeing): Step {
  const { facts, challenge, proofs } = flow;
  if (facts.isOver) return { name: 'over' };
  if (hasEnded) return { name: 'expired' };
  if (challenge) return { name: 'answer' };
  if (proofs.length === 0) return { name: 'begin', choice: { method: 'code', credential: 'app' } };
  return { name: facts.agreed ? 'finish' : 'agree' };
}

type Around = Omit<FlowRoutesDeps<Agreeing, Step>, 'nextStep' | 'answer'>;

export function secondFlow(world: World, around: Around) {
  const { flows, accounts, clock } = world;
  const door = world.door();
  const steps: Steps<Agreeing, Step> = {
    isOurs: (flow): flow is Flow => flow._id.startsWith('second'),
    withFacts: async (flow) => {
      const account = await accounts.findById(flow.facts.account?.id);
      return { flow, hasEnded: hasEnded(flow, clock.now()), ...(account && { account }) };
    },
    nextStep,
    purpose: 'sign-in',
    forWhom: ({ request }) => ({ id: 'second', name: request.errand }),
  };
  const transitions = createTransitions({ ...door, flows, steps });
  const log = { info: () => undefined };
  const deps = { ...door, flows, accounts, steps, clock, log, pausePerNumberSeconds: 60 };
  const answering = createAnswering(deps, transitions);
  const nothing = { finish: [], expired: [], over: [] };
  return flowRoutes<Agreeing, Step, 'begin' | 'agree'>(
    {
      name: 'second',
      allowedActs: { begin: ['begin'], answer: ['answer'], agree: ['agree'], ...nothing },
      recorders: {
        begin: ({ state, visit }) => transitions.begun(state, visit),
        agree: ({ state: s, visit }) =>
          transitions.say(s, { ...s.flow.facts, agreed: true }, visit),
      },
      async load(uid, visit) {
        const flow = await flows.find(uid);
        return flow && steps.isOurs(flow) ? steps.withFacts(flow, visit) : undefined;
      },
      pageFor: async ({ state, step, csrf }) => {
        const at = `/second/${state.flow._id}`;
        return ['sign-in/continue', { at, csrf, client: { name: step.name } }];
      },
      finish: (_ctx, { flow }) => flows.end(flow),
      leave: async (ctx) => void (ctx.body = 'done'),
      belongsHere: (ctx) => ctx.cookies.get('mine') === 'yes',
      appOf: () => undefined,
      uiLocales: () => [],
    },
    { ...around, nextStep, answer: (...answered) => answering.answer(...answered) },
  );
}
