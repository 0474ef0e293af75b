/**
 * The one door, put together: begin, answer and everything between them share their counters
 * and their outbox, so nobody can build one that counts for itself.
 */
import { createAnswerFromDevice } from './answer-from-device.ts';
import { createAnswer, type AnswerDeps } from './answer.ts';
import { createBegin, type BeginDeps } from './begin.ts';
import { createDevices } from './devices.ts';
import { createEnrolment, type EnrolmentDeps } from './enrol.ts';
import { createListeners } from './listeners.ts';
import { createNewPasswords, type NewPasswordsDeps } from './new-password.ts';
import { createOutbox, type OutboxDeps } from './outbox.ts';
import { createPair } from './pair.ts';
import { createRateLimiter, type RateLimiterDeps } from './rate-limits/rate-limiter.ts';
import { createRequestBudget, type RequestBudgetDeps } from './rate-limits/request-budget.ts';
import { createSendBudget, type SendBudgetDeps } from './rate-limits/send-budget.ts';

export type DoorDeps = Omit<
  BeginDeps &
    AnswerDeps &
    EnrolmentDeps &
    RateLimiterDeps &
    RequestBudgetDeps &
    SendBudgetDeps &
    OutboxDeps &
    NewPasswordsDeps,
  'rateLimiter' | 'requestBudget' | 'countSend' | 'outbox' | 'enrolment' | 'forgetAddress'
>;

export type Door = ReturnType<typeof createDoor>;

export function createDoor(deps: DoorDeps) {
  const rateLimiter = createRateLimiter(deps);
  const requestBudget = createRequestBudget(deps);
  const countSend = createSendBudget(deps);
  const devices = createDevices(deps);
  const outbox = createOutbox({ ...deps, forgetAddress: devices.forgetAddress });
  const enrolment = createEnrolment(deps);
  const asks = createBegin({ ...deps, countSend, requestBudget, outbox });
  const { answer, judge } = createAnswer({ ...deps, rateLimiter, requestBudget, enrolment });
  return {
    outbox,
    enrolment,
    newPasswords: createNewPasswords(deps),
    devices,
    answer,
    ...asks,
    answerFromDevice: createAnswerFromDevice({ ...deps, judge, requestBudget }),
    pair: createPair({ ...deps, asks }),
    listeners: createListeners(deps),
  };
}
