import { expect } from 'chai';

import { ChannelError } from '../../../../src/channels/channel.ts';
import type { Outgoing } from '../../../../src/channels/outgoing.ts';
import type { Recorded } from '../../../../src/models/flow.ts';
import { secondsAfter } from '../../../../src/lib/clock.ts';
import { inEveryOrder } from '../every-order.ts';
import { openWorld } from '../memory-door.ts';
import { ada, noon, question, signIn, textedCode } from '../memory-people.ts';

const LEASE_SECONDS = 15;

const busy = () => new ChannelError('busy', { isTemporary: true });
const refused = () => new ChannelError('no such number', { isTemporary: false });
const stopped = () => new ChannelError('STOP', { isTemporary: false, isOptedOut: true });
/** As if its process had ended there: nobody is told anything. */
const killed = () => new Error('killed');

const asked = question('text', 'phone');
const mail: Outgoing = {
  ...{ channel: 'mail', to: 'ada@example.org', budget: { mailbox: 'ada@example.org' } },
  ...{ message: 'code', values: { code: textedCode } },
};
const text: Outgoing = {
  ...{
    channel: 'sms',
    to: '+14255550134',
    budget: { number: '+14255550134', country: '1' },
    message: 'code',
  },
  values: { code: textedCode },
};

/** A sign-in with a text, or a mail, that was promised a moment ago. */
async function promised(question = asked, send = text) {
  const world = await openWorld(ada, signIn(question));
  const { id: challenge, purpose, expiresAt } = asked;
  const about = { challenge, purpose, locale: 'en', expiresAt, account: 'ada' };
  const item = world.door().outbox.promise('flow', send, about);
  const flow = await world.flows.record(await world.flow(), { pending: [item] });
  if (!flow) throw new Error('nobody else was here');
  return {
    ...world,
    item,
    deliver: (): Promise<unknown> => world.door().outbox.deliver(flow, item),
    sweep: (): Promise<unknown> => world.door().outbox.sweep(),
    /** What became of the message. */
    async left() {
      const { pending, challenge: open } = await world.flow();
      const sent = [...world.texts, ...world.mails];
      const texts = sent.map(({ text, messageId }) => [text, messageId].join());
      expect([...new Set(texts)], 'always the same').to.be.deep.oneOf([
        [],
        [[textedCode, item.id].join()],
      ]);
      return {
        sent: texts.length,
        waiting: pending.map(({ tries }) => tries),
        isUndelivered: open?.undelivered ?? false,
      };
    },
  };
}

const SENT = { sent: 1, waiting: [], isUndelivered: false };

describe('Messages that were promised', () => {
  for (const [what, fault, after] of [
    ['takes it', undefined, SENT],
    ['is busy', busy(), { sent: 1, waiting: [2], isUndelivered: true }],
    ['will not have it', refused(), { ...SENT, isUndelivered: true }],
  ] as const) {
    it(`are handed over once by two sweeps at once, where the carrier ${what}`, () =>
      inEveryOrder(async () => {
        const world = await promised();
        world.advance(LEASE_SECONDS);
        if (fault) world.faults.push(fault);
        return {
          calls: [world.sweep, world.sweep],
          check: async () => void expect(await world.left()).to.deep.equal(after),
        };
      }));
  }

  it('are paid once a carrier took them, and by where they went', async () => {
    const { faults, deliver, sweep, advance, costs } = await promised();
    faults.push(busy());
    await deliver();
    expect(costs).to.deep.equal([]);
    advance(60);
    await sweep();
    expect(costs).to.deep.equal([{ labels: { channel: 'sms', calling_code: '1' }, by: 0.05 }]);
  });

  for (const fault of [busy(), refused(), stopped()]) {
    it(`are not held to be answered where the carrier is ${fault.message}`, async () => {
      const at = noon;
      const world = await promised({ ...asked, sent: { counter: 'prefix', at } });
      const tallies = { 'sms-sent': { times: [at], streak: 1 } };
      await world.sharedCounters.write('prefix', undefined, { tallies, expiresAt: at });
      world.faults.push(fault);
      await world.deliver();
      const left = await world.sharedCounters.read('prefix');
      expect(left?.tallies['sms-sent']?.times).to.deep.equal([]);
    });
  }

  it('are left to the request that promised them, as long as its lease holds', () =>
    inEveryOrder(async () => {
      const world = await promised();
      return {
        calls: [world.deliver, world.sweep],
        check: async () => void expect(await world.left()).to.deep.equal(SENT),
      };
    }));

  it('are the same message once more, where a sweep came before a slow request', () =>
    inEveryOrder(async () => {
      const world = await promised();
      world.advance(LEASE_SECONDS);
      return {
        calls: [world.deliver, world.sweep],
        async check() {
          const { sent, ...left } = await world.left();
          expect(sent).to.be.within(1, 2);
          expect({ ...left, sent: 1 }).to.deep.equal(SENT);
        },
      };
    }));

  for (const by of ['deliver', 'sweep'] as const) {
    it(`reach the carrier whenever the process is killed that does it: ${by}`, () =>
      inEveryOrder(async () => {
        const world = await promised();
        if (by === 'sweep') world.advance(LEASE_SECONDS);
        return {
          calls: [world[by]],
          isMortal: true,
          async check() {
            world.advance(LEASE_SECONDS);
            await world.sweep();
            const { sent, ...left } = await world.left();
            expect(sent).to.be.within(1, 2);
            expect({ ...left, sent: 1 }).to.deep.equal(SENT);
          },
        };
      }));
  }

  it('reach the mail server whenever the process is killed that does it', () =>
    inEveryOrder(async () => {
      const world = await promised(asked, mail);
      return {
        calls: [world.deliver],
        isMortal: true,
        async check() {
          world.advance(LEASE_SECONDS);
          await world.sweep();
          const { sent, ...left } = await world.left();
          expect(sent).to.be.within(1, 2);
          expect({ ...left, sent: 1 }).to.deep.equal(SENT);
        },
      };
    }));

  it('are sent three times at most, when each process is killed after it sent them', async () => {
    const world = await promised();
    world.faults.push(killed(), killed(), killed(), killed());
    await world.deliver().catch(() => undefined);
    for (let turn = 0; turn < 6; turn += 1) {
      world.advance(LEASE_SECONDS);
      await world.sweep();
    }
    expect(await world.left()).to.deep.equal({ ...SENT, sent: 3 });
  });

  it('wait for a full disk to have room, and tell whoever sweeps', async () => {
    const world = await promised();
    world.advance(LEASE_SECONDS);
    world.faults.push(Object.assign(new Error('no room'), { code: 14031 }));
    const told: unknown = await world.sweep().catch((error: unknown) => error);
    expect(told).to.include({ code: 14031 });
    world.advance(LEASE_SECONDS);
    await world.sweep();
    // The first was on its way, and nobody could write that down.
    expect(await world.left()).to.deep.equal({ ...SENT, sent: 2 });
  });

  const over: Record<string, Recorded> = {
    'was answered or given up': { challenge: undefined },
    'was replaced by another': { challenge: question('text', 'phone', 'new') },
    'has no attempts left': { challenge: { ...asked, attemptsLeft: 0 } },
    'is too old': { challenge: { ...asked, expiresAt: secondsAfter(noon, LEASE_SECONDS) } },
  };
  for (const [what, change] of Object.entries(over)) {
    it(`are dropped unsent once the question ${what}`, async () => {
      const world = await promised();
      await world.flows.record(await world.flow(), change);
      world.advance(LEASE_SECONDS);
      await world.sweep();
      expect(await world.left()).to.deep.equal({ ...SENT, sent: 0 });
    });
  }

  it('that fail are tried again after five and after thirty seconds, and then no more', async () => {
    const world = await promised();
    world.faults.push(busy(), busy(), busy());
    await world.deliver();
    const sentAfter: number[] = [];
    for (let second = 1; second <= 120; second += 1) {
      world.advance(1);
      const before = world.texts.length;
      await world.sweep();
      if (world.texts.length > before) sentAfter.push(second);
    }
    expect(sentAfter).to.deep.equal([5, 35]);
    expect(await world.left()).to.deep.equal({ sent: 3, waiting: [], isUndelivered: true });
  });

  it('that leave after all are not said to be missing any more, to whoever reads it then', async () => {
    const world = await promised();
    world.faults.push(busy());
    await world.deliver();
    const { version } = await world.flow();
    world.advance(5);
    await world.sweep();
    expect(await world.left()).to.deep.equal({ ...SENT, sent: 2 });
    expect((await world.flow()).version, 'so that pages that wait hear of it').to.equal(
      version + 1,
    );
  });

  it('that leave after all say so of their own question, and leave no trace in another', () =>
    inEveryOrder(async () => {
      const world = await promised();
      world.faults.push(busy());
      await world.deliver();
      world.advance(5);
      const read = await world.flow();
      const undelivered = { ...question('text', 'phone', 'new'), undelivered: true as const };
      const next = { challenge: undelivered, pending: [] };
      return {
        calls: [world.sweep, (): Promise<unknown> => world.flows.record(read, next)],
        async check() {
          const { challenge, pending } = await world.flow();
          expect(challenge?.undelivered).to.equal(challenge?.id === 'new' ? true : undefined);
          expect(pending).to.deep.equal([]);
        },
      };
    }));

  it('that fail for good are not tried again', async () => {
    const world = await promised();
    world.faults.push(refused());
    await world.deliver();
    expect(await world.left()).to.deep.equal({ ...SENT, isUndelivered: true });
  });

  it('that the person told the carrier to stop say so, and are not tried again', async () => {
    const world = await promised();
    world.faults.push(stopped());
    await world.deliver();
    expect(await world.left()).to.deep.equal({ ...SENT, isUndelivered: true });
    const { challenge } = await world.flow();
    expect(challenge?.undeliveredBecause).to.equal('opted-out');
  });

  it('that fail say so of their own question, and not of one that replaced it meanwhile', () =>
    inEveryOrder(async () => {
      const world = await promised();
      world.faults.push(busy());
      const read = await world.flow();
      const next = { challenge: question('text', 'phone', 'new'), pending: [] };
      return {
        calls: [world.deliver, (): Promise<unknown> => world.flows.record(read, next)],
        async check() {
          const { challenge } = await world.flow();
          expect(challenge?.undelivered).to.equal(challenge?.id === 'old' ? true : undefined);
        },
      };
    }));
});
