/**
 * What is begun for people after a right answer, though nobody chose it: where limits let nothing be
 * sent just now, the next way that they have takes its place, and the list says why. Whoever chose a
 * way is told instead that they have to wait.
 */
import { isSameWay } from '../assurance/way.ts';
import { Problem } from '../lib/problem.ts';
import type { PassedOver } from '../models/flow.ts';
import type { AnyStep, State, Steps, Wanted } from './kind.ts';
import type { RequestContext } from './request-context.ts';
import { knownOf, type Transitions } from './transitions.ts';

export interface PassingOverDeps<S extends State, Step extends AnyStep> {
  readonly steps: Steps<S, Step>;
  readonly log: { info(fields: object, event: string): void };
}

/** Of messages to one number, person or country, or to all. */
const SPENT: readonly string[] = ['too-many-messages', 'messages-paused'];

export function createPassingOver<S extends State, Step extends AnyStep>(
  { steps, log }: PassingOverDeps<S, Step>,
  { ask }: Pick<Transitions<S>, 'ask'>,
) {
  return begunOrNext;

  async function begunOrNext(state: S, visit: RequestContext): Promise<S> {
    const choice = begins(state);
    if (!choice) return state;
    try {
      return (await ask(state, choice, visit)) ?? state;
    } catch (error) {
      const passedOver = error instanceof Problem && passing(choice, error);
      const then = passedOver && (await without(state, passedOver, visit));
      if (!then) throw error;
      const { _id: flow } = state.flow;
      log.info({ flow, method: choice.method, error: error.code }, 'way.passed-over');
      return begunOrNext(then, visit);
    }
  }

  function begins(state: S): Wanted | undefined {
    const { name, choice } = steps.nextStep(state);
    return name === 'begin' ? choice : undefined;
  }

  /** Undefined where nothing else is begun: then they are told what stands in the way. */
  async function without(
    state: S,
    passedOver: PassedOver,
    visit: RequestContext,
  ): Promise<S | undefined> {
    const { flow }: Pick<S, 'flow'> = state;
    const all = [...(flow.facts.passedOver ?? []), passedOver];
    const facts = { ...flow.facts, passedOver: all };
    const then = await steps.withFacts({ ...flow, facts }, visit, knownOf(state));
    const next = begins(then);
    return next && !all.some((way) => isSameWay(way, next)) ? then : undefined;
  }
}

const passing = (
  { method, credential }: Wanted,
  { code, retryAt: until }: Problem,
): PassedOver | undefined =>
  until && SPENT.includes(code) ? { method, credential, until } : undefined;
