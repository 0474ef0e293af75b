/**
 * An answer where nobody is named yet: of a passkey that would not do it is found out whether it is
 * gone for good, so that the browser can stop offering it.
 */
import type { RequestContext } from '../flow/request-context.ts';
import type { Form } from '../lib/form.ts';
import type { Flows } from '../models/flow.ts';
import type { Flow } from './flow.ts';
import type { PasskeyList } from '../verification/passkey-list.ts';
import type { SignIn } from './sign-in.ts';

export interface PasskeyAnswerDeps {
  readonly flows: Flows;
  readonly passkeyList: PasskeyList;
}

type Answer = (
  uid: string,
  form: Form,
  visit: RequestContext,
  read?: (flow: Flow) => void,
) => Promise<SignIn | undefined>;

export const createPasskeyAnswer =
  ({ flows, passkeyList }: PasskeyAnswerDeps, answer: Answer): Answer =>
  async (uid, form, ...rest) => {
    const answered = await answer(uid, form, ...rest);
    const { facts, challenge } = answered?.flow ?? {};
    const isStrange = challenge?.failure !== undefined && !facts?.account;
    if (!answered || !isStrange || facts?.erasedKey !== undefined) return answered;
    const erasedKey = await passkeyList.erasedIn(form.response);
    if (erasedKey === undefined) return answered;
    const flow = await flows.record(answered.flow, { facts: { ...facts, erasedKey } });
    return flow ? { ...answered, flow } : answered;
  };
