/**
 * What a person may do with the question that is open: answer it, have it asked anew, or
 * answer another that the same device offers.
 */
import type { Form } from '../lib/form.ts';
import type { Accounts } from '../models/account.ts';
import { addressOf } from '../models/challenge.ts';
import type { Answer } from '../verification/answer.ts';
import { type Flow, isSignInFlow } from './flow.ts';
import { createNext, knownOf, type NextDeps } from './next.ts';
import type { SignIn, Visit } from './sign-in.ts';

export interface AnsweringDeps extends NextDeps {
  readonly accounts: Accounts;
  readonly answer: Answer['answer'];
}

export function createAnswering(deps: AnsweringDeps) {
  const { accounts, signIns } = deps;
  const { ask, begun, askNext } = createNext(deps);
  return { answer, again, instead };

  /** `read` is told of the flow before anything is judged: a problem has its language. */
  async function answer(uid: string, form: Form, visit: Visit, read?: (flow: Flow) => void) {
    const answered = await deps.answer(uid, {
      form,
      // A password is the first proof: beside it stands whether they want to stay signed in.
      said: form.password === undefined ? {} : { remember: form.stay === 'true' },
      isOurs: isSignInFlow,
      circumstances(flow) {
        read?.(flow);
        const from = { ...visit.from, client: flow.request.clientId };
        return { place: visit.place, from, askNext: askNext(visit) };
      },
    });
    if (!answered) return undefined;
    return begun(await signIns.withFacts(answered.flow, visit, knownOf(answered)), visit);
  }

  /** The same question anew: a new code, not new tries. */
  async function again(signIn: SignIn, address: string, visit: Visit) {
    const { challenge } = signIn.flow;
    if (!challenge || addressOf(challenge) !== address) return undefined;
    // What a device was asked is over with its first answer: then this is another question.
    if (challenge.attemptsLeft === 0 && !challenge.elsewhere) return undefined;
    return ask(await withAccount(signIn), challenge, visit);
  }

  /** What the device shows is typed on the page that waits for it: asked and answered in one. */
  async function instead(signIn: SignIn, form: Form, visit: Visit) {
    const { challenge } = signIn.flow;
    if (!challenge?.instead || addressOf(challenge) !== form.challenge) return undefined;
    const asked = await ask(await withAccount(signIn), challenge.instead, visit);
    const open = asked?.flow.challenge;
    if (!open) return undefined;
    return answer(asked.flow._id, { ...form, challenge: addressOf(open) }, visit);
  }

  async function withAccount(signIn: SignIn): Promise<SignIn> {
    const account = await accounts.findById(signIn.flow.facts.account?.id);
    return { ...signIn, ...(account && { account }) };
  }
}
