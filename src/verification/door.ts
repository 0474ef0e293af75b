/**
 * The one door, put together: begin, answer and everything between them share their counters
 * and their outbox, so nobody can build one that counts for itself.
 */
import { createAnswer, type AnswerDeps } from './answer.ts';
import { createBegin, type BeginDeps } from './begin.ts';
import { createEnrolment, type EnrolmentDeps } from './enrol.ts';
import { createAnswerOutOfBand } from './out-of-band/answer-out-of-band.ts';
import { createListeners } from './out-of-band/listeners.ts';
import { createOutbox, type OutboxDeps } from './out-of-band/outbox.ts';
import { createRateLimiter, type RateLimiterDeps } from './rate-limits/rate-limiter.ts';
import { createRequestBudget } from './rate-limits/request-budget.ts';
import { createSendBudget, type SendBudgetDeps } from './rate-limits/send-budget.ts';

export type DoorDeps = Omit<
  BeginDeps & AnswerDeps & EnrolmentDeps & RateLimiterDeps & SendBudgetDeps & OutboxDeps,
  | 'rateLimiter'
  | 'requestBudget'
  | 'countSend'
  | 'countCompletion'
  | 'judgeNoMore'
  | 'outbox'
  | 'enrolment'
>;

export function createDoor(deps: DoorDeps) {
  const requestBudget = createRequestBudget(deps);
  const sendBudget = createSendBudget(deps);
  const outbox = createOutbox({ ...deps, ...sendBudget });
  const enrolment = createEnrolment(deps);
  const asks = createBegin({ ...deps, ...sendBudget, requestBudget, outbox });
  const rateLimiter = createRateLimiter(deps);
  const counting = { ...sendBudget, rateLimiter, requestBudget };
  const { answer, judgeSpent } = createAnswer({ ...deps, ...counting, enrolment });
  return {
    ...{ outbox, enrolment, answer },
    ...asks,
    answerOutOfBand: createAnswerOutOfBand({ ...deps, judgeSpent, requestBudget }),
    listeners: createListeners(deps),
  };
}
