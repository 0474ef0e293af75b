/**
 * Every store of a leased queue keeps the same promises on the database, and takes up what an
 * earlier version wrote there: no message is lost over an update.
 */
import { expect } from 'chai';

import { createIndexes } from '../../src/database/connect.ts';
import { secondsAfter } from '../../src/lib/clock.ts';
import type { Queued, QueueStore } from '../../src/lib/leased-queue.ts';
import { createFlows } from '../../src/models/flow.ts';
import { createLogoutNotices } from '../../src/models/logout-notice.ts';
import { createStoredMessages } from '../../src/models/message.ts';
import { openChain } from '../support/chain.ts';

const noon = new Date('2026-11-22T12:00:00Z');
const later = (seconds: number): Date => secondsAfter(noon, seconds);

/** As they were written before there was one queue for all of them. */
const flow = (id: string, leasedUntil: Date) => ({
  ...{ _id: `flow of ${id}`, request: {}, version: 0, facts: {}, proofs: [] },
  ...{ endsAt: later(600), expiresAt: later(3600), challenge: { id: 'asked' } },
  pending: [
    {
      ...{ id, challenge: 'asked', channel: 'sms', sealed: 's', tries: 1 },
      ...{ leasedUntil, expiresAt: later(300) },
    },
  ],
});
const message = (_id: string, dueAt: Date) => ({
  ...{ _id, sealed: 's', tries: 1, dueAt, expiresAt: later(300) },
});
const notice = (_id: string, dueAt: Date) => ({
  ...{ _id, clientId: 'shop', accountId: 'id-ada', sid: 'sid', tries: 1, dueAt },
  expiresAt: later(300),
});

interface Kept {
  readonly store: QueueStore<Queued, unknown>;
  readonly write: (id: string, dueAt: Date) => Promise<unknown>;
  readonly idOf: (item: Queued) => unknown;
  readonly left: () => Promise<unknown>;
}

/** The same, whatever its items are. */
const storeOf = <Item>(store: QueueStore<Item, unknown>) =>
  store as unknown as QueueStore<Queued, unknown>; // given back only what it gave

describe('The store of', () => {
  let open: Awaited<ReturnType<typeof openChain>>;
  const stores: Record<string, () => Kept> = {
    'messages in a flow': () => {
      const { model, messages } = createFlows(open.connection);
      return {
        store: storeOf(messages),
        write: (id, dueAt) => model.collection.insertOne(flow(id, dueAt) as object),
        idOf: (item) => (item as { id?: unknown }).id,
        left: async () => (await model.find().lean().exec()).map(({ pending }) => pending),
      };
    },
    mails: () => {
      const { model, ...store } = createStoredMessages(open.connection);
      return {
        store: storeOf(store),
        write: (id, dueAt) => model.collection.insertOne(message(id, dueAt) as object),
        idOf: (item) => (item as { _id?: unknown })._id,
        left: async () =>
          (await model.find().lean().exec()).map(({ sealed, dueAt }) => [
            ...(sealed === '' ? [] : [sealed]),
            ...((dueAt as Date | undefined) ? [dueAt] : []),
          ]),
      };
    },
    'logout notices': () => {
      const { model, ...store } = createLogoutNotices(open.connection);
      return {
        store: storeOf(store),
        write: (id, dueAt) => model.collection.insertOne(notice(id, dueAt) as object),
        idOf: (item) => (item as { _id?: unknown })._id,
        left: async () => (await model.find().lean().exec()).map(() => ['a notice']),
      };
    },
  };

  before(async () => {
    open = await openChain();
    Object.values(stores).forEach((store) => store());
    await createIndexes(open.connection);
  });
  after(() => open.close());

  for (const [name, keptIn] of Object.entries(stores)) {
    it(`${name} takes up what an earlier version wrote, and gives each to one`, async () => {
      const { store, write, idOf, left } = keptIn();
      await write('later', later(1));
      await write('now', noon);
      const due = await store.due(noon, 9);
      expect(due.map(idOf)).to.deep.equal(['now']);
      const [item] = due;
      if (!item) throw new Error('nothing is due');
      expect(item).to.deep.include({ tries: 1, expiresAt: later(300) });

      const took = await Promise.all([store.lease(item, later(15)), store.lease(item, later(15))]);
      const [leased, ...others] = took.filter((one) => one !== undefined);
      if (!leased) throw new Error('nobody got it');
      expect(others).to.deep.equal([]);
      expect(leased.tries).to.equal(2);
      expect(await store.due(later(0.5), 9)).to.deep.equal([]);

      await store.postpone({ ...item, tries: 0 }, noon);
      expect(await store.due(noon, 9), 'by who lost the lease').to.deep.equal([]);
      await store.postpone(leased, later(5));
      expect((await store.due(later(5), 1)).length, 'at most as many as are wanted').to.equal(1);
      const again = (await store.due(later(5), 9)).find((one) => idOf(one) === 'now');
      expect(again?.tries).to.equal(2);

      for (const one of await store.due(later(5), 9)) await store.drop(one, 'sent');
      expect(await store.due(later(9999), 9)).to.deep.equal([]);
      expect(((await left()) as unknown[][]).flat(), 'what it said').to.deep.equal([]);
    });
  }
});
