/**
 * What an answer means in a sign-in besides its next step: a copy of a trusted browser's cookie is
 * found out, and of a passkey that would not do, whether it is gone for good.
 */
import type { RequestContext } from '../flow/request-context.ts';
import type { Form } from '../lib/form.ts';
import type { Flows } from '../models/flow.ts';
import type { EndCopied } from './end-copied.ts';
import type { Flow } from './flow.ts';
import type { PasskeyList } from './passkey-list.ts';
import type { SignIn } from './sign-in.ts';

export interface AnswerHereDeps {
  readonly flows: Flows;
  readonly passkeyList: PasskeyList;
  readonly endCopied: EndCopied;
}

type Answer = (
  uid: string,
  form: Form,
  visit: RequestContext,
  read?: (flow: Flow) => void,
) => Promise<SignIn | undefined>;

export function createAnswerHere(deps: AnswerHereDeps, answer: Answer): Answer {
  return async (uid, form, visit, read) => {
    const answered = await answer(uid, form, visit, read);
    if (!answered) return undefined;
    const after = await withErased(answered, form, deps);
    await deps.endCopied(after, visit);
    return after;
  };
}

/** So that the browser can stop offering it. */
async function withErased(
  answered: SignIn,
  form: Form,
  { flows, passkeyList }: AnswerHereDeps,
): Promise<SignIn> {
  const { facts, challenge } = answered.flow;
  const isStrange = challenge?.failure !== undefined && !facts.account;
  if (!isStrange || facts.erasedKey !== undefined) return answered;
  const erasedKey = await passkeyList.erasedIn(form.response);
  if (erasedKey === undefined) return answered;
  const flow = await flows.record(answered.flow, { facts: { ...facts, erasedKey } });
  return flow ? { ...answered, flow } : answered;
}
