/**
 * What is asked of the database when several want the same at once, on each engine: one gets
 * it, and whoever does not is told so in a way that the product understands.
 */
import { expect } from 'chai';
import type { Connection } from 'mongoose';

import { createIndexes } from '../../src/database/connect.ts';
import { createAccounts, type NewAccount } from '../../src/models/account.ts';
import type { Challenge } from '../../src/models/challenge.ts';
import { isDuplicate } from '../../src/models/duplicate.ts';
import { createFlows, type Flow } from '../../src/models/flow.ts';
import { createOidcRecords, recordId } from '../../src/models/oidc-record.ts';
import { createSharedCounters } from '../../src/models/shared-counter.ts';
import { type Engines, openEngines } from './engines.ts';

const ROUNDS = 10;
const MANY = 12;
const now = new Date();
const later = new Date(now.getTime() + 3_600_000);

const account = (id: string, username: string): NewAccount => ({
  ...{ _id: id, username, name: 'Ada', profile: {}, roles: [], groups: [] },
  credentials: [
    { id: 'app', kind: 'app', data: { lastStep: 0 }, version: 0, addedAt: now },
    { id: 'phone', kind: 'phone', data: {}, version: 0, addedAt: now },
  ],
  createdAt: now,
});

const challenge: Challenge = {
  ...{ id: 'c', method: 'code', credential: 'app', purpose: 'sign-in', memo: undefined, page: {} },
  ...{ hasOtherWays: false, attemptsLeft: 5, begunAt: now, expiresAt: later, sends: false },
};

const flow = (_id: string): Flow => ({
  ...{ _id, request: {}, version: 0, endsAt: later, expiresAt: later },
  ...{ facts: {}, challenge, proofs: [], pending: [] },
});

/** In the order in which they began, with what came of each: a value, or "taken". */
const together = (attempt: (n: number) => Promise<unknown>): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: MANY }, (_, n) =>
      attempt(n).catch((error: unknown) => {
        if (isDuplicate(error)) return 'taken';
        throw error;
      }),
    ),
  );

const wins = (outcomes: readonly unknown[]): unknown[] =>
  outcomes.filter((it) => it !== false && it !== undefined && it !== 'taken');

const createServices = (connection: Connection) => ({
  accounts: createAccounts(connection),
  flows: createFlows(connection),
  sharedCounters: createSharedCounters(connection),
  records: createOidcRecords(connection),
});

for (const [index, name] of ['the embedded database', 'the engine'].entries()) {
  describe(`Races on ${name}`, () => {
    let engines: Engines;
    let models: ReturnType<typeof createServices>;

    before(async function () {
      this.timeout(60_000);
      engines = await openEngines();
      const { connection } = engines.both[index] ?? engines.both[0];
      models = createServices(connection);
      await createIndexes(connection);
    });
    // Undefined where there was nothing to compare with.
    after(() => (engines as Engines | undefined)?.close());

    const often = async (race: (round: string) => Promise<void>): Promise<void> => {
      for (let round = 0; round < ROUNDS; round += 1) await race(`r${round}`);
    };

    it('give a user name to one account', () =>
      often(async (round) => {
        const outcomes = await together((n) =>
          models.accounts.create(account(`${round}.${n}`, round)),
        );
        expect(wins(outcomes)).to.have.length(1);
        expect(outcomes.filter((it) => it === 'taken')).to.have.length(MANY - 1);
      }));

    it('move a credential on once', () =>
      often(async (round) => {
        const ada = await models.accounts.create(account(`m${round}`, `m${round}`));
        const [app] = ada.credentials;
        if (!app) throw new Error('there is one');
        const outcomes = await together((n) =>
          models.accounts.moveOn(ada._id, app, { data: { lastStep: n }, at: now }),
        );
        expect(wins(outcomes)).to.deep.equal([true]);
        const [moved] = (await models.accounts.findById(ada._id))?.credentials ?? [];
        expect(moved?.data).to.deep.equal({ lastStep: outcomes.indexOf(true) });
      }));

    it('begin a tally once', () =>
      often(async (round) => {
        const outcomes = await together((n) =>
          models.sharedCounters.write(round, undefined, {
            tallies: { k: { times: [], streak: n } },
            expiresAt: later,
          }),
        );
        expect(wins(outcomes)).to.deep.equal([true]);
        const read = await models.sharedCounters.read(round);
        expect(read?.tallies.k?.streak).to.equal(outcomes.indexOf(true));
      }));

    it('consume a code once', () =>
      often(async (round) => {
        await models.records.create({ _id: recordId('Code', round), kind: 'Code', payload: '' });
        const outcomes = await together(() =>
          models.records.consume({ kind: 'Code', id: round, now }),
        );
        expect(wins(outcomes)).to.deep.equal([true]);
      }));

    it('spend an attempt once', () =>
      often(async (round) => {
        await models.flows.start(flow(round));
        const outcomes = await together(() => models.flows.spendAttempt(round, challenge, { now }));
        expect(wins(outcomes)).to.have.length(1);
        expect((await models.flows.find(round))?.challenge?.attemptsLeft).to.equal(4);
      }));

    it('store a record that several put at once, and refuse none of them', () =>
      often(async (round) => {
        const _id = recordId('Session', round);
        await Promise.all(
          Array.from({ length: MANY }, (_, n) =>
            models.records.put({ _id, kind: 'Session', payload: String(n) }),
          ),
        );
        expect(await models.records.find('Session', round)).to.include({ _id, kind: 'Session' });
      }));
  });
}
