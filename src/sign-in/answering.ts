/**
 * What a person may do with the question that is open: answer it, have it asked anew, or
 * answer another that the same device offers.
 */
import type { Form } from '../lib/form.ts';
import type { Accounts } from '../models/account.ts';
import { addressOf } from '../models/challenge.ts';
import { isSoundFlow } from '../models/sound-flow.ts';
import type { Answer } from '../verification/answer.ts';
import { createNext, knownOf, type NextDeps } from './next.ts';
import type { Flow, SignIn, Visit } from './sign-in.ts';

export interface AnsweringDeps extends NextDeps {
  readonly accounts: Accounts;
  readonly answer: Answer;
}

export function createAnswering(deps: AnsweringDeps) {
  const { accounts, signIns } = deps;
  const { ask, begun, askNext } = createNext(deps);
  return { spend, answer, again, instead };

  /** The flow is read by the very write that spends the attempt (rule 6). */
  async function spend(uid: string, form: Form) {
    // A password is the first proof: beside it stands whether they want to stay signed in.
    const said = form.password === undefined ? {} : { remember: form.stay === 'true' };
    const spent = await deps.answer.spend(uid, form, said);
    // What is no flow is told of where it is loaded.
    return isSoundFlow(spent) ? spent : undefined;
  }

  async function answer(flow: Flow, form: Form, visit: Visit) {
    const from = { ...visit.from, client: flow.request.clientId };
    const circumstances = { place: visit.place, from, askNext: askNext(visit) };
    const answered = await deps.answer.judge(flow, form, circumstances);
    if (!answered) return undefined;
    const after = answered.flow as Flow;
    return begun(await signIns.withFacts(after, visit, knownOf(answered)), visit);
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
    const typed = { ...form, challenge: addressOf(open) };
    const spent = await spend(asked.flow._id, typed);
    return spent && answer(spent as Flow, typed, visit);
  }

  async function withAccount(signIn: SignIn): Promise<SignIn> {
    const account = await accounts.findById(signIn.flow.facts.account?.id);
    return { ...signIn, ...(account && { account }) };
  }
}
