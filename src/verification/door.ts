/**
 * The one door, put together: begin, answer and everything between them share their counters
 * and their outbox, so nobody can build one that counts for itself.
 */
import { createAnswer, type AnswerDeps } from './answer.ts';
import { createBegin, type BeginDeps } from './begin.ts';
import { createEnrolment, type EnrolmentDeps } from './enrol.ts';
import { createGuard, type GuardDeps } from './guard.ts';
import { createRules, type LimitFigures } from './limits.ts';
import { createOutbox, type OutboxDeps } from './outbox.ts';

export type DoorDeps = Omit<
  BeginDeps & AnswerDeps & EnrolmentDeps & GuardDeps & OutboxDeps,
  'guard' | 'outbox' | 'enrolment' | 'rules' | 'alarmAtPercent'
> & { readonly figures: LimitFigures };

export type Door = ReturnType<typeof createDoor>;

export function createDoor(deps: DoorDeps) {
  const guard = createGuard({
    ...deps,
    rules: createRules(deps.figures),
    alarmAtPercent: deps.figures.sends.alarmAtPercent,
  });
  const outbox = createOutbox(deps);
  const enrolment = createEnrolment(deps);
  return {
    outbox,
    enrolment,
    ...createBegin({ ...deps, guard, outbox }),
    answer: createAnswer({ ...deps, guard, enrolment }),
  };
}
