/**
 * An answer in place of another, such as a pass where everybody's password is asked. The question is
 * the same for all, so nobody learns who could answer it otherwise; and it costs one attempt, and
 * counts as wrong only where both are.
 */
import type { Form } from '../lib/form.ts';
import type { Verdict } from '../methods/method.ts';
import type { Flow } from '../models/flow.ts';
import type { Methods } from './choices.ts';
import { type JudgedDeps, type Judging, verdictOn } from './judge.ts';
import { NOBODY } from './resolve-choice.ts';

export interface Judged<F extends Flow> {
  /** By which method and credential it was judged in the end. */
  readonly judging: Judging<F>;
  readonly verdict: Verdict<unknown>;
}

interface Deps extends JudgedDeps {
  readonly methods: Methods;
}

export async function judgedEitherWay<F extends Flow>(
  judging: Judging<F>,
  form: Form,
  deps: Deps,
): Promise<Judged<F>> {
  const verdict = await verdictOn(judging, form, deps);
  const other = verdict.outcome === 'failed' ? inPlace(judging, form, deps) : undefined;
  if (!other || verdict.outcome === 'passed') return { judging, verdict };
  const second = await verdictOn(other.judging, other.answer, deps);
  if (second.outcome === 'passed') return { judging: other.judging, verdict: second };
  const { because = second.because } = verdict;
  return { judging, verdict: { ...verdict, ...(because !== undefined && { because }) } };
}

/** The same as if the other method had been asked; undefined where what was typed is no answer to it. */
function inPlace<F extends Flow>(judging: Judging<F>, form: Form, { methods }: Deps) {
  const { account, challenge } = judging;
  const method = [...methods.values()].find(
    ({ inPlaceOf, purposes }) =>
      inPlaceOf?.method === challenge.method && purposes.includes(challenge.purpose),
  );
  const answer = method?.inPlaceOf?.answerIn(form);
  if (!method?.isComplete(answer)) return undefined;
  const held = account?.credentials.find(({ kind }) => kind === method.kind);
  const credential = held?.id ?? NOBODY;
  const asked = { ...challenge, method: method.id, credential, memo: {} };
  return { answer, judging: { ...judging, method, credential, challenge: asked } };
}
