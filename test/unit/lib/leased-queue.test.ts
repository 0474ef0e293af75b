/**
 * The queue under texts, pushes, mails and logout notices, on a store in memory that as many
 * processes as a story needs share, on a clock that moves when it is told.
 */
import { setImmediate as turn } from 'node:timers/promises';

import { expect } from 'chai';

import { secondsAfter } from '../../../src/lib/clock.ts';
import {
  createLeasedQueue,
  type Outcome,
  type QueueDeps,
  type QueueStore,
} from '../../../src/lib/leased-queue.ts';
import { inEveryOrder, step } from '../verification/every-order.ts';

interface Item {
  readonly id: string;
  readonly tries: number;
  readonly dueAt: Date;
  readonly expiresAt: Date;
}

const noon = new Date('2026-11-22T12:00:00Z');
const LEASE_SECONDS = 10;
const RETRY_SECONDS = [5, 30];

const promised = (id: string, more: object = {}): Item => ({
  ...{ id, tries: 0, dueAt: noon, expiresAt: secondsAfter(noon, 3600) },
  ...more,
});

type Sending = (item: Item) => Promise<Outcome>;

function openWorld(items: readonly Item[], sends: Sending = async () => 'sent') {
  let now = noon;
  const stored = new Map(items.map((item) => [item.id, item]));
  const dropped: string[] = [];
  const sent: string[] = [];
  const failed: string[] = [];
  const isHeld = ({ id, dueAt }: Item): boolean => stored.get(id)?.dueAt === dueAt;

  const store: QueueStore<Item, string> = {
    async due(until, most) {
      await step();
      const due = [...stored.values()].filter(({ dueAt }) => dueAt <= until);
      return due.sort((one, other) => +one.dueAt - +other.dueAt).slice(0, most);
    },
    async lease(item, dueAt) {
      await step();
      if (!isHeld(item)) return undefined;
      const leased = { ...item, dueAt, tries: item.tries + 1 };
      stored.set(item.id, leased);
      return leased;
    },
    async postpone(item, dueAt) {
      await step();
      if (isHeld(item)) stored.set(item.id, { ...item, dueAt });
      return 'postponed';
    },
    async drop({ id }, why) {
      await step();
      if (stored.delete(id)) dropped.push(`${id} ${why}`);
      return why;
    },
  };

  return {
    ...{ stored, dropped, sent, failed },
    advance: (seconds: number) => void (now = secondsAfter(now, seconds)),
    /** As a process of its own has it. */
    queue: (more: Partial<QueueDeps<Item, string>> = {}) =>
      createLeasedQueue<Item, string>({
        ...{ store, leaseSeconds: LEASE_SECONDS, retrySeconds: RETRY_SECONDS },
        ...{ atOnce: 1, clock: { now: () => now } },
        failed: ({ id }) => failed.push(id),
        async send(item) {
          await step();
          sent.push(item.id);
          return sends(item);
        },
        ...more,
      }),
  };
}

/** After how many seconds one process sent something. */
async function secondsOfSending(world: ReturnType<typeof openWorld>, until: number) {
  const seconds: number[] = [];
  const queue = world.queue();
  for (let second = 0; second <= until; second += 1) {
    const before = world.sent.length;
    await queue.sweep();
    if (world.sent.length > before) seconds.push(second);
    world.advance(1);
  }
  return seconds;
}

const hangs = () => new Promise<Outcome>(() => undefined);
const diskFull = () => Object.assign(new Error('no room'), { code: 'ENOSPC' });

describe('A leased queue', () => {
  it('sends each once, however many processes sweep at once', () =>
    inEveryOrder(async () => {
      const world = openWorld([promised('a')]);
      const sweep = () => world.queue().sweep();
      return {
        calls: [sweep, sweep],
        async check() {
          expect(world.sent).to.deep.equal(['a']);
          expect(world.dropped).to.deep.equal(['a sent']);
        },
      };
    }));

  it('sends it although a process is killed at any moment, at most once more', () =>
    inEveryOrder(async () => {
      const world = openWorld([promised('a')]);
      return {
        calls: [async () => world.queue().sweep()],
        isMortal: true,
        async check() {
          world.advance(LEASE_SECONDS);
          await world.queue().sweep();
          expect(world.sent.length).to.be.within(1, 2);
          expect(world.stored.size).to.equal(0);
        },
      };
    }));

  it('sends what was promised leased, and leaves it to its promiser until then', async () => {
    const leased = promised('a', { tries: 1, dueAt: secondsAfter(noon, LEASE_SECONDS) });
    const world = openWorld([leased]);
    await world.queue().sweep();
    expect(world.sent).to.deep.equal([]);
    expect(await world.queue().deliver(leased)).to.equal('sent');
    expect(world.dropped).to.deep.equal(['a sent']);
  });

  for (const [outcome, seconds] of [
    ['sent', [0]],
    ['unwanted', [0]],
    ['refused', [0]],
    ['busy', [0, 5, 35]],
  ] as const) {
    it(`asks after so many seconds where it is ${outcome}: ${seconds.join()}`, async () => {
      const world = openWorld([promised('a')], async () => outcome);
      expect(await secondsOfSending(world, 120)).to.deep.equal(seconds);
      expect(world.dropped).to.deep.equal([`a ${outcome}`]);
    });
  }

  it('counts no try at what cannot be reached, and spares the others meanwhile', async () => {
    let outcome: Outcome = 'unreachable';
    const world = openWorld([promised('a'), promised('b')], async () => outcome);
    expect(await secondsOfSending(world, 100)).to.deep.equal([0, 20, 40, 60, 80, 100]);
    expect(world.sent).to.have.length(6);
    expect([...world.stored.values()].map(({ tries }) => tries)).to.deep.equal([0, 0]);
    outcome = 'sent';
    expect(await secondsOfSending(world, 20)).to.have.length(2);
    expect(world.dropped).to.have.members(['a sent', 'b sent']);
  });

  it('sends nothing that is too old, was tried often enough, or cannot be read', async () => {
    const poison = {
      'too old': { expiresAt: noon },
      'tried by processes that were killed': { tries: 3 },
      'never too old': { expiresAt: undefined },
      'tried many times': { tries: 'many' },
    };
    const items = Object.entries(poison).map(([id, more]) => promised(id, more));
    const world = openWorld([...items, promised('a')]);
    await world.queue().sweep();
    expect(world.sent).to.deep.equal(['a']);
    expect(world.dropped).to.deep.equal([...items.map(({ id }) => `${id} unwanted`), 'a sent']);
  });

  it('goes on past what fails unexpectedly, tells of it, and tries it three times', async () => {
    const world = openWorld([promised('a'), promised('b')], async ({ id }) => {
      if (id === 'a') throw new Error('a broken seal');
      return 'sent';
    });
    expect(await secondsOfSending(world, 120)).to.deep.equal([0, 10, 20]);
    expect(world.failed).to.deep.equal(['a', 'a', 'a']);
    expect(world.dropped).to.deep.equal(['b sent', 'a unwanted']);
  });

  for (const [what, error] of Object.entries({
    'a full disk': diskFull(),
    'a database that is away': Object.assign(new Error('away'), { name: 'MongoNetworkError' }),
  })) {
    it(`stops at ${what}, and tells whoever sweeps`, async () => {
      const world = openWorld([promised('a'), promised('b')], async () => Promise.reject(error));
      const told: unknown = await world
        .queue()
        .sweep()
        .catch((thrown: unknown) => thrown);
      expect(told).to.equal(error);
      expect(world.sent).to.deep.equal(['a']);
    });
  }

  it('offers beside the request, and says nothing of a full disk there', async () => {
    const items = ['a', 'b', 'c'].map((id) => promised(id));
    const world = openWorld(items, async ({ id }) => {
      if (id === 'a') throw diskFull();
      if (id === 'b') throw new Error('a broken seal');
      return 'sent';
    });
    const queue = world.queue({ atOnce: 3 });
    items.forEach((item) => queue.offer(item));
    await queue.settled();
    expect(world.failed).to.deep.equal(['b']);
    expect(world.dropped).to.deep.equal(['c sent']);
  });

  it('lets one that hangs block no other, and holds no more than it has room for', async () => {
    const items = [1, 2, 3, 4].map((nth) => promised(`slow ${nth}`));
    const others = [1, 2].map((nth) => promised(`quick ${nth}`));
    const world = openWorld([...items, ...others], async ({ id }) =>
      id.startsWith('slow') ? hangs() : 'sent',
    );
    const of = ({ id }: Item): string => id.replace(/ .*/, '');
    const queue = world.queue({ atOnce: 3, toOne: { most: 2, of } });
    for (const item of [...items, ...others]) queue.offer(item);
    await turn();
    expect(world.sent, 'no more than three').to.deep.equal(['slow 1', 'slow 2', 'quick 1']);
    await queue.sweep();
    expect(world.sent).to.deep.equal(['slow 1', 'slow 2', 'quick 1', 'quick 2']);
    expect([...world.stored.keys()]).to.deep.equal(items.map(({ id }) => id));
    for (const item of items) queue.offer(item);
    await turn();
    expect(world.sent, 'no more than two to one').to.have.length(4);
  });
});
