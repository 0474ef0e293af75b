/**
 * The whole door on models in memory, in as many processes as a story needs, on a clock that
 * moves on with every step; and a carrier that can be told to fail.
 */
import timers from 'node:timers/promises';
import { syncBuiltinESMExports } from 'node:module';

import { createPairings } from '../../../src/approver/pair.ts';
import type { Audit } from '../../../src/audit/audit.ts';
import type { Mail, Road, Sms } from '../../../src/channels/channel.ts';
import { recoveryCodes } from '../../../src/credentials/recovery-codes.ts';
import { type Clock, secondsAfter } from '../../../src/lib/clock.ts';
import { type Labels, type Meter, noMeter } from '../../../src/lib/meter.ts';
import { createMethods } from '../../../src/methods/index.ts';
import type { Account } from '../../../src/models/account.ts';
import type { AuditEvent } from '../../../src/models/audit-event.ts';
import type { Flow } from '../../../src/models/flow.ts';
import type { Answered } from '../../../src/verification/settle.ts';
import { createDoor, type DoorDeps } from '../../../src/verification/door.ts';
import { bareSettings, createPorts } from '../methods/ports.ts';
import { crypt, here, limits } from './rate-limits/counting.ts';
import { step } from './every-order.ts';
import { memoryModels } from './memory-models.ts';
import { codes, from, noon } from './memory-people.ts';

const { passwords, site } = createPorts().ports;

/** Made once, because stories are told so often; only an app's code asks them for the time. */
const methods = createMethods(bareSettings, { clock: { now: () => noon }, codes, passwords, site });

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld(account: Account, ...flows: readonly Flow[]) {
  let now = noon;
  const clock: Clock = { now: () => now };
  const texts: Sms[] = [];
  const mails: Mail[] = [];
  const faults: Error[] = [];
  const judged: string[] = [];
  const costs: { readonly labels: Labels; readonly by: number }[] = [];
  const meter: Meter = {
    ...noMeter,
    count: (name, labels = {}, by = 1) => {
      if (name === 'send_cost_total') costs.push({ labels, by });
    },
  };

  async function takesATurn(): Promise<void> {
    await step();
    // No two things happen at the same time.
    now = new Date(now.getTime() + 1);
  }

  const models = memoryModels(takesATurn);
  const audit: Partial<Audit> = {
    event: (name, about, details) =>
      ({ id: name, at: now, result: 'done', name, ...about, details }) as AuditEvent,
    happened: () => undefined,
    alert: async () => undefined,
  };
  const roadTo = <Message>(taken: Message[]): Road<Message> => ({
    async send(message) {
      await takesATurn();
      taken.push(message);
      const fault = faults.shift();
      if (fault) throw fault;
    },
    check: async () => undefined,
    isOpen: () => true,
  });
  const deps: DoorDeps = {
    isStillHere: async () => true,
    retired: () => undefined,
    ...{ ...models, methods, crypt, clock, limits, meter, alarmAtPercent: 70 },
    availability: {
      ...{ isAllowed: () => true, isAvailable: () => true, awayBecause: () => undefined },
      policyOf: () => ({}),
      asksUnnamed: () => true,
    },
    ...{ attemptsPerChallenge: 5, secondStepWithinSeconds: 600, issued: recoveryCodes },
    ...{
      issuer: 'Guild',
      phoneCountries: () => [],
      wordings: () => [],
      wordsAbout: () => [],
      seedFor: (name) => name,
    },
    ...{ isServed: async () => true, priceOf: () => 0.05 },
    answerAt: ({ challengeId }) => challengeId,
    pairings: createPairings({ crypt, clock, approverAt: '' }),
    audit: audit as Audit, // what the door asks of it
    channels: { sms: roadTo(texts), voice: undefined, push: undefined, mail: roadTo(mails) },
    forgetAddressee: async () => undefined,
    endSessions: async () => undefined,
    render: ({ values: { code = '' } }) => code,
    renderMail: ({ values: { code = '' } }) => ({ subject: 'a code', text: code }),
    log: {
      // Said as soon as an answer was compared.
      info: (fields) => void judged.push('outcome' in fields ? String(fields.outcome) : ''),
      warn: () => undefined,
    },
  };
  await models.accounts.create(account);
  for (const flow of flows) await models.flows.start(flow);

  return {
    ...{ ...models, deps, clock, texts, mails, faults, judged, costs },
    /** As another process has it, on the same database. */
    door: () => createDoor(deps),
    advance: (seconds: number) => void (now = secondsAfter(now, seconds)),
    /** A form that is sent: its attempt is spent, and then it is judged. */
    async answers(
      form: Readonly<Record<string, string>>,
      uid = 'flow',
    ): Promise<Answered | undefined> {
      return createDoor(deps).answer(uid, {
        form,
        isOurs: (flow): flow is Flow => flow._id === uid,
        circumstances: () => ({ place: here, from, askNext: async () => undefined }),
      });
    },
    async flow(uid = 'flow'): Promise<Flow> {
      const found = await models.flows.find(uid);
      if (!found) throw new Error('there is no such sign-in');
      return found;
    },
    async ada(): Promise<Account> {
      const found = await models.accounts.findById('ada');
      if (!found) throw new Error('there is no such account');
      return found;
    },
  };
}

/**
 * Whoever loses a race for a count steps aside for a moment of chance length; where the order is
 * decided there is nothing to wait for. To be called in a `describe`.
 */
export function withoutPauses(): void {
  const { setTimeout: pause } = timers;
  const replace = (by: typeof pause) => {
    timers.setTimeout = by;
    syncBuiltinESMExports();
  };
  before(() => replace((async () => undefined) as typeof pause)); // a pause of no length
  after(() => replace(pause));
}
