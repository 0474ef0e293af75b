/**
 * The budgets of messages on models in memory, for as many accounts as a story needs.
 */
import { setImmediate as turn } from 'node:timers/promises';

import type { Audit } from '../../../../src/audit/audit.ts';
import type { Purpose } from '../../../../src/assurance/purpose.ts';
import { secondsAfter } from '../../../../src/lib/clock.ts';
import { type Labels, noMeter } from '../../../../src/lib/meter.ts';
import { Problem } from '../../../../src/lib/problem.ts';
import type { Account } from '../../../../src/models/account.ts';
import type { AuditEvent } from '../../../../src/models/audit-event.ts';
import type { Sent } from '../../../../src/verification/rate-limits/completion-rate.ts';
import { createLimits } from '../../../../src/verification/rate-limits/limits.ts';
import { createSendBudget } from '../../../../src/verification/rate-limits/send-budget.ts';
import { memoryModels } from '../memory-models.ts';
import { ada, crypt, figures } from './counting.ts';

type Sends = Partial<typeof figures.sends>;

/** One of a block of ten thousand. */
export const numberAt = (index: number, block = '+49151123'): string =>
  `${block}${String(index).padStart(4, '0')}`;

/** `step` is awaited before every read and write. */
export function openSending(changed: Sends = {}, step: () => Promise<unknown> = () => turn()) {
  let now = new Date('2026-11-22T12:00:00Z');
  let operations = 0;
  const { accounts, sharedCounters } = memoryModels(async () => {
    operations += 1;
    await step();
  });
  const latest = new Map<string, { purpose: Purpose; sent: Sent | undefined }>();
  const known = new Map<string, Promise<Account>>();
  const counted: { readonly name: string; readonly labels: Labels }[] = [];
  const alerts: AuditEvent[] = [];
  const audit: Pick<Audit, 'event' | 'alert'> = {
    event: (name, about, details) =>
      ({ id: name, name, at: now, result: 'done', ...about, details }) as AuditEvent,
    alert: async (event) => void alerts.push(event),
  };
  const { countSend, countCompletion, judgeNoMore } = createSendBudget({
    meter: { ...noMeter, count: (name, labels = {}) => void counted.push({ name, labels }) },
    ...{ audit, isServed: async ({ country }) => country !== '979' },
    ...{ accounts, sharedCounters, crypt, clock: { now: () => now }, alarmAtPercent: 70 },
    limits: createLimits({
      ...{ ...figures, sends: { ...figures.sends, ...changed } },
      approvals: { ...figures.approvals, openSeconds: 120 },
    }),
    log: { warn: () => undefined },
  });

  async function create(id: string): Promise<Account> {
    const account = { ...ada, _id: id, username: id, identifiers: [id] };
    await accounts.create(account);
    return account;
  }

  const accountOf = (id: string): Promise<Account> => {
    const account = known.get(id) ?? create(id);
    known.set(id, account);
    return account;
  };

  async function sends(number: string, purpose: Purpose = 'sign-in', by = number) {
    const account = await accountOf(by);
    const country = ['1', '979'].find((code) => number.startsWith(`+${code}`)) ?? '49';
    return outcomeOf(async () => {
      const sent = await countSend(account, { number, country }, purpose);
      latest.set(number, { purpose, sent });
    });
  }

  async function mails(mailbox: string, purpose: Purpose, by = mailbox): Promise<string> {
    const account = await accountOf(by);
    return outcomeOf(() => countSend(account, { mailbox }, purpose));
  }

  async function outcomeOf(send: () => Promise<unknown>): Promise<string> {
    try {
      await send();
      return 'sent';
    } catch (error) {
      if (error instanceof Problem) return error.code;
      throw error;
    }
  }

  async function completes(number: string): Promise<void> {
    const { sent, purpose } = latest.get(number) ?? {};
    if (sent && purpose) await countCompletion(sent, purpose);
  }

  async function fails(number: string): Promise<void> {
    const { sent, purpose } = latest.get(number) ?? {};
    if (sent && purpose) await judgeNoMore(sent, purpose);
  }

  return {
    operations: () => operations,
    advance: (seconds: number): void => void (now = secondsAfter(now, seconds)),
    /** "sent", or the code of the Problem; each number of an account of its own. */
    sends,
    /** The same of a code by mail. */
    mails,
    /** Its owner types the code of the last one. */
    completes,
    /** The carrier does not take the last one. */
    fails,
    ...{ alerts, counted },
  };
}
