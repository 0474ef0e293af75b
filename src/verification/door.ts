/**
 * The one door, put together: begin, answer and everything between them share their counters
 * and their outbox, so nobody can build one that counts for itself.
 */
import { createAnswerFromDevice } from './answer-from-device.ts';
import { createAnswer, type AnswerDeps } from './answer.ts';
import { createApprovals } from './approvals.ts';
import { createBegin, type BeginDeps } from './begin.ts';
import { createCounters } from './counters.ts';
import { createDevices } from './devices.ts';
import { createEnrolment, type EnrolmentDeps } from './enrol.ts';
import { createGuard, type GuardDeps } from './guard.ts';
import { createListeners } from './listeners.ts';
import { createNewPasswords, type NewPasswordsDeps } from './new-password.ts';
import { createOutbox, type OutboxDeps } from './outbox.ts';
import { createPair } from './pair.ts';

export type DoorDeps = Omit<
  BeginDeps & AnswerDeps & EnrolmentDeps & GuardDeps & OutboxDeps & NewPasswordsDeps,
  'guard' | 'approvals' | 'outbox' | 'enrolment' | 'forgetAddress'
>;

export type Door = ReturnType<typeof createDoor>;

export function createDoor(deps: DoorDeps) {
  const guard = createGuard(deps);
  const approvals = createApprovals({ ...deps, counters: createCounters(deps) });
  const devices = createDevices(deps);
  const outbox = createOutbox({ ...deps, forgetAddress: devices.forgetAddress });
  const enrolment = createEnrolment(deps);
  const asks = createBegin({ ...deps, guard, approvals, outbox });
  const { answer, judge } = createAnswer({ ...deps, guard, approvals, enrolment });
  return {
    outbox,
    enrolment,
    newPasswords: createNewPasswords(deps),
    devices,
    answer,
    ...asks,
    answerFromDevice: createAnswerFromDevice({ ...deps, judge, approvals }),
    pair: createPair({ ...deps, asks }),
    listeners: createListeners(deps),
  };
}
