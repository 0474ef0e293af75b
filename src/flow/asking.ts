/**
 * What any flow does in which people are asked for methods and set them up: from its steps to what
 * may be said, answered and added.
 */
import type { Enrolment } from '../verification/enrol.ts';
import { createAdding } from './adding.ts';
import type { AddingState } from './adding-props.ts';
import { type AnsweringDeps, createAnswering } from './answering.ts';
import type { AnyStep, State } from './kind.ts';
import { createTransitions } from './transitions.ts';

export interface AskingDeps<S extends State, Step extends AnyStep> extends AnsweringDeps<S, Step> {
  readonly enrolment: Enrolment;
}

export function createAsking<S extends State & AddingState, Step extends AnyStep>(
  deps: AskingDeps<S, Step>,
) {
  const { enrolment, steps } = deps;
  const transitions = createTransitions(deps);
  const answering = createAnswering(deps, transitions);
  const adding = createAdding<S>({ ...answering, ...steps, enrolment, transitions });
  return { transitions, answering, adding };
}
