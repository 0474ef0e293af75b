/**
 * What a person may do with the question that is open: answer it, have it asked anew, or
 * answer another that the same device offers.
 */
import type { Clock } from '../lib/clock.ts';
import type { Form } from '../lib/form.ts';
import type { Accounts } from '../models/account.ts';
import { addressOf, sendableFrom } from '../models/challenge.ts';
import type { Flow, Said } from '../models/flow.ts';
import type { Answer } from '../verification/answer.ts';
import { isHeldUp } from '../verification/rate-limits/rate-limiter.ts';
import type { AnyStep, State } from './kind.ts';
import type { RequestContext } from './request-context.ts';
import { createPassingOver, type PassingOverDeps } from './passing-over.ts';
import { knownOf, type TransitionDeps, type Transitions } from './transitions.ts';

export interface AnsweringDeps<S extends State, Step extends AnyStep>
  extends TransitionDeps<S, Step>, PassingOverDeps<S, Step> {
  readonly accounts: Accounts;
  readonly answer: Answer['answer'];
  readonly clock: Clock;
  /** How soon one number may get another message. */
  readonly pausePerNumberSeconds: number;
  /** What a form says beside its answer. */
  readonly saidIn?: (form: Form) => Said;
}

export type Answering<S extends State> = ReturnType<typeof createAnswering<S, AnyStep>>;

export function createAnswering<S extends State, Step extends AnyStep>(
  deps: AnsweringDeps<S, Step>,
  { ask, askNext }: Transitions<S>,
) {
  const { accounts, flows, steps, saidIn } = deps;
  const begunOrNext = createPassingOver(deps, { ask });
  return { answer, again, instead };

  /** `read` is told of the flow before anything is judged: a problem has its language. */
  async function answer(
    uid: string,
    form: Form,
    visit: RequestContext,
    read?: (flow: S['flow']) => void,
  ): Promise<S | undefined> {
    let asked: S['flow'] | undefined;
    const answered = await deps
      .answer<S['flow']>(uid, {
        form,
        ...(saidIn && { said: saidIn(form) }),
        isOurs: steps.isOurs,
        circumstances(flow) {
          asked = flow;
          read?.(flow);
          const from = { ...visit.from, client: steps.forWhom(flow).id };
          return { place: visit.place, from, askNext: askNext(visit) };
        },
      })
      .catch((error: unknown) => refusedBecause(error, asked));
    if (!answered) return undefined;
    return begunOrNext(await steps.withFacts(answered.flow, visit, knownOf(answered)), visit);
  }

  /** That others guess the password is kept, because only then its owner may be mailed. */
  async function refusedBecause(error: unknown, flow?: Flow): Promise<never> {
    if (flow && !flow.facts.isHeldUp && isHeldUp(error)) {
      await flows.record(flow, { facts: { ...flow.facts, isHeldUp: true } });
    }
    throw error;
  }

  /** The same question anew: a new code, not new tries. */
  async function again(state: S, address: string, visit: RequestContext): Promise<S | undefined> {
    const { challenge } = state.flow;
    if (!challenge || addressOf(challenge) !== address) return undefined;
    const from = sendableFrom(challenge, deps.pausePerNumberSeconds);
    // The page says for how long it has to wait; it need not be left for that.
    if (from && from > deps.clock.now()) return state;
    // What is asked once is over with its first answer: then this is another question.
    const isOver = challenge.attemptsLeft === 0;
    if (isOver && !challenge.elsewhere && !challenge.isAskedOnce) return undefined;
    return ask(await withAccount(state), challenge, visit);
  }

  /** What the device shows is typed on the page that waits for it: asked and answered in one. */
  async function instead(state: S, form: Form, visit: RequestContext): Promise<S | undefined> {
    const { challenge } = state.flow;
    if (!challenge?.instead || addressOf(challenge) !== form.challenge) return undefined;
    const asked = await ask(await withAccount(state), challenge.instead, visit);
    const open = asked?.flow.challenge;
    if (!open) return undefined;
    return answer(asked.flow._id, { ...form, challenge: addressOf(open) }, visit);
  }

  async function withAccount(state: S): Promise<S> {
    const account = await accounts.findById(state.flow.facts.account?.id);
    return { ...state, ...(account && { account }) };
  }
}
