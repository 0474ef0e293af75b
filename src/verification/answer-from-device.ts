/**
 * Answers that come from a device: found by the question and the device instead of a page's
 * form, and then judged like every other. What only happens here is that a person says that it
 * was not them.
 */
import type { Audit } from '../audit/audit.ts';
import { app } from '../credentials/app.ts';
import type { Clock } from '../lib/clock.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Flow, Flows } from '../models/flow.ts';
import type { Answer, Answered } from './answer.ts';
import type { Place } from './rate-limits/rate-limiter.ts';
import type { RequestBudget } from './rate-limits/request-budget.ts';

export interface AnswerFromDeviceDeps {
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly judge: Answer['judge'];
  readonly requestBudget: RequestBudget;
  readonly audit: Audit;
  readonly clock: Clock;
}

export interface AnswerFromDevice {
  /** The credential whose device it is; whoever calls has made sure of it. */
  readonly device: string;
  readonly challenge: string;
  readonly form: Readonly<Record<string, string>>;
  readonly place: Place;
  readonly from: From;
}

export type AnswersFromDevice = ReturnType<typeof createAnswerFromDevice>;

export function createAnswerFromDevice(deps: AnswerFromDeviceDeps) {
  const { flows, accounts, judge, requestBudget, audit, clock } = deps;

  /**
   * Undefined for what is not asked (any more): late, answered, given up, of another device. But a
   * no is heard for as long as the question would have been open.
   */
  return async function answerFromDevice(
    given: AnswerFromDevice,
  ): Promise<Answered['outcome'] | undefined> {
    const { device, challenge, form, place, from } = given;
    const isDenial = form.decision === 'deny';
    const now = clock.now();
    const spent = await flows.spendElsewhere(device, challenge, now);
    // It may have been heard before, but not to its end; and whoever gives up what they asked for
    // does not take it away.
    const flow = spent ?? (isDenial ? await flows.requestedOf(device, challenge, now) : spent);
    // What comes next is asked on the page, by whoever waits there.
    const askNext = async () => undefined;
    const answered = flow && (await judge(flow, form, { place, from, askNext, isDenial }));
    if (!flow || !answered) return undefined;
    if (flow.challenge?.purpose === 'enrol') return answered.outcome;

    const account = answered.account ?? (await accounts.findById(flow.facts.account?.id));
    if (answered.outcome === 'passed' && account && flow.challenge) {
      await requestBudget.takeBack(account, flow.challenge);
    }
    if (answered.outcome === 'denied' && account) await denied(account, flow, from);
    return answered.outcome;
  };

  /**
   * Somebody else knows the password: it must be changed, the phone is left in peace, and
   * whatever waits for it ends. In this order, so that a crash leaves the warning behind. Said
   * twice, each part has one effect: the first time may have ended in the midst of it.
   */
  async function denied(account: Account, flow: Flow, from: From): Promise<void> {
    const { id = '', method = '', credential = '', elsewhere } = flow.challenge ?? {};
    const { purpose = 'sign-in' } = flow.challenge ?? {};
    const client = String(elsewhere?.shows.client ?? '');
    const about = { by: account._id, account: account._id, from };
    const told = audit.event('approval.denied', about, { method, credential, client });
    // One for each question, however often it is refused.
    const events = [{ ...told, id: `${told.name}.${id}` }];
    if (await accounts.requirePasswordChange(account._id, { dueAt: clock.now(), events })) {
      audit.happened('accounts', account._id, events);
    }
    await requestBudget.pause(account, purpose);
    await flows.deny(account.credentials.filter(({ kind }) => kind === app.id).map(({ id }) => id));
  }
}
