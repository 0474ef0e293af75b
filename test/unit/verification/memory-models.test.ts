/**
 * That models in memory do what those on a database do: the same calls, one after the other, have
 * the same results and leave the same documents.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { connectDatabase, createIndexes, type Database } from '../../../src/database/connect.ts';
import type { Proof } from '../../../src/assurance/proof.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import { createLog } from '../../../src/lib/log.ts';
import type { Account, Credential } from '../../../src/models/account.ts';
import type { AuditEvent } from '../../../src/models/audit-event.ts';
import type { Challenge } from '../../../src/models/challenge.ts';
import { isDuplicate } from '../../../src/models/duplicate.ts';
import type { Pending } from '../../../src/models/flow-message.ts';
import { memoryModels, type Models, modelsOn } from './memory-models.ts';
import { ada, apps, earlier, noon, question, signIn } from './memory-people.ts';

const asked = question('code', 'app');
const onPhone: Challenge = { ...asked, id: 'on-phone', elsewhere: { device: 'app', shows: {} } };
const item: Pending = {
  ...{ id: 'm', challenge: asked.id, channel: 'sms', sealed: 's', tries: 1 },
  ...{ leasedUntil: noon, expiresAt: secondsAfter(noon, 300) },
};
const events: AuditEvent[] = [
  { id: 'e', at: noon, name: 'method.added', result: 'done', by: 'ada' },
];
const [proof] = earlier.password as [Proof];
const [, app] = ada.credentials as [Credential, Credential, ...Credential[]];
const flow = signIn(asked);
const riding = { ...item, flow };
const leased = { ...riding, leasedUntil: secondsAfter(noon, 15), tries: 2 };
const unsaid = { ...asked, undelivered: true as const };
const told = { ...riding, flow: { ...flow, challenge: unsaid } };
const soon = secondsAfter(noon, 5);
const { facts, endsAt } = flow;
const settled = { proof, facts, endsAt };
const tallies = { password: { times: [noon], streak: 1 } };
const use = { data: { lastStep: 7 }, at: noon, events };
const { id, version } = app;
const two = apps(2);

/** Each twice, where the first time changes what the second one meets. */
const calls: readonly ((models: Models) => Promise<unknown>)[] = [
  ({ flows }) => flows.find('flow'),
  ({ flows }) => flows.start(flow),
  ({ flows }) => flows.start(flow),
  ({ flows }) => flows.spendAttempt('flow', asked, { now: asked.expiresAt }),
  ({ flows }) => flows.spendAttempt('flow', { ...asked, id: 'other' }, { now: noon }),
  ({ flows }) => flows.spendAttempt('flow', asked, { now: noon, said: { remember: true } }),
  ({ flows }) => flows.spendAttempt('flow', asked, { now: noon, said: { remember: false } }),
  ({ flows }) => flows.refuse(flow, 'other', { failure: 'wrong-answer', events }),
  ({ flows }) => flows.refuse(flow, asked.id, { failure: 'wrong-answer', events }),
  ({ flows }) => flows.record(flow, { pending: [item] }),
  ({ flows }) => flows.record({ ...flow, version: 2 }, { pending: [item], challenge: asked }),
  ({ flows }) => flows.messages.due(secondsAfter(noon, -1), 9),
  ({ flows }) => flows.messages.due(noon, 9),
  ({ flows }) => flows.messages.lease(riding, leased.leasedUntil),
  ({ flows }) => flows.messages.lease(riding, leased.leasedUntil),
  ({ flows }) => flows.messages.postpone(riding, noon),
  ({ flows }) => flows.messages.postpone({ ...leased, challenge: 'other' }, soon),
  ({ flows }) => flows.messages.postpone(leased, soon),
  ({ flows }) => flows.messages.drop({ ...riding, challenge: 'other' }, 'refused'),
  ({ flows }) => flows.messages.drop({ ...riding, id: 'other' }, 'unwanted'),
  ({ flows }) => flows.messages.drop(told, 'sent'),
  ({ flows }) => flows.messages.drop({ ...told, challenge: 'other' }, 'sent'),
  ({ flows }) => flows.messages.drop(riding, 'opted-out'),
  ({ flows }) => flows.settle(flow, 'other', settled),
  ({ flows }) => flows.settle(flow, asked.id, { ...settled, next: onPhone }),
  ({ flows }) => flows.openMemos('app', noon),
  ({ flows }) => flows.heard(['other'], ['app']),
  ({ flows }) => flows.settle(flow, onPhone.id, settled),
  ({ flows }) => flows.record({ ...flow, version: 8 }, { challenge: onPhone, events }),
  ({ flows }) => flows.spendElsewhere({ device: 'app', challenge: onPhone.id, now: noon }),
  ({ flows }) => flows.requestedOf({ device: 'app', challenge: onPhone.id, now: noon }),
  ({ flows }) => flows.deny(['app']),
  ({ flows }) => flows.end({ ...flow, version: 0 }),
  ({ flows }) => flows.end({ ...flow, version: 11 }),

  ({ accounts }) => accounts.findById('ada'),
  ({ accounts }) => accounts.create(ada),
  ({ accounts }) => accounts.create(ada),
  ({ accounts }) => accounts.findByIdentifier(' ADA'),
  ({ accounts }) => accounts.countFirst('ada', tallies),
  ({ accounts }) => accounts.countFirst('ada', tallies),
  ({ accounts }) => accounts.countAttempts(ada, {}),
  ({ accounts }) => accounts.countAttempts({ ...ada, attempts: { version: 1, tallies } }, {}),
  ({ accounts }) => accounts.moveOn('ada', app, use),
  ({ accounts }) => accounts.moveOn('ada', app, use),
  ({ accounts }) => accounts.addCredentials(ada, two, { events }),
  ({ accounts }) => accounts.addCredentials(ada, two, { events }),
  ({ accounts }) => accounts.requirePasswordChange('ada', { dueAt: noon }),
  ({ directory }) => directory.removeCredential(afterAdding, 'app-0', { signedOutAt: noon }),
  ({ directory }) => directory.removeCredential(afterAdding, 'app-1', { signedOutAt: noon }),
  ({ directory }) => directory.change({ ...ada, credentialsVersion: 2 }, { disabledAt: noon }),
  ({ accounts }) =>
    accounts.replacePassword({ ...ada, credentialsVersion: 3 }, { id, version }, out),
  ({ directory }) => directory.change({ ...ada, credentialsVersion: 3 }, { disabledAt: undefined }),
  ({ accounts }) =>
    accounts.replacePassword({ ...ada, credentialsVersion: 4 }, { id, version: 1 }, out),
  ({ directory }) => directory.signOut('ada', { signedOutAt: noon }),
  ({ directory }) => directory.signOut('other', { signedOutAt: noon }),

  ({ sharedCounters: s }) => s.write('k', undefined, { tallies, expiresAt: noon }),
  ({ sharedCounters: s }) => s.write('k', undefined, { tallies, expiresAt: noon }),
  ({ sharedCounters: s }) =>
    s.write('k', { version: 2, tallies }, { tallies: {}, expiresAt: noon }),
  ({ sharedCounters: s }) =>
    s.write('k', { version: 1, tallies }, { tallies: {}, expiresAt: noon }),
  ({ sharedCounters: s }) => s.repeatTime('k', { at: soon, from: 'password', to: 'b', most: 2 }),
  ({ sharedCounters: s }) => s.repeatTime('k', { at: noon, from: 'password', to: 'b', most: 2 }),
  ({ sharedCounters: s }) => s.repeatTime('k', { at: noon, from: 'b', to: 'b', most: 1 }),
  ({ sharedCounters: s }) => s.dropTime('k', { at: soon, from: 'password' }),
  ({ sharedCounters }) => sharedCounters.read('k'),
  ({ sharedCounters: s }) => s.dropTime('k', { at: noon, from: 'password' }),
  ({ sharedCounters }) => sharedCounters.read('k'),
  ({ sharedCounters }) => sharedCounters.forget('k'),
  ({ sharedCounters }) => sharedCounters.read('k'),
];
const afterAdding: Account = { ...ada, credentialsVersion: 1 };
const out = { data: { hash: 'new:other' }, signedOutAt: noon };

/** What each of them gave, with all that is stored then. */
async function said(models: Models): Promise<unknown[]> {
  const all: unknown[] = [];
  for (const call of calls) {
    const result = await call(models).catch((error: unknown) => {
      if (isDuplicate(error)) return 'taken';
      throw error;
    });
    all.push({
      ...{ call: String(call), result },
      flow: await models.flows.find('flow'),
      account: await models.accounts.findById('ada'),
    });
  }
  return all;
}

describe('Models in memory', () => {
  let directory: string;
  let database: Database;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'doorstep-test-'));
    const { log } = createLog({ level: 'silent' });
    database = await connectDatabase({ directory, log });
  });
  after(async () => {
    await database.close();
    await rm(directory, { recursive: true });
  });

  it('do as models on a database do', async () => {
    const real = modelsOn(database.connection);
    await createIndexes(database.connection);
    const inMemory = await said(memoryModels(async () => undefined));
    for (const [at, one] of (await said(real)).entries()) expect(inMemory[at]).to.deep.equal(one);
    expect(inMemory).to.have.length(calls.length);
  });
});
