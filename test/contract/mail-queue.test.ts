/**
 * The promises of the post, on the database: what was promised is sent, once, by one process,
 * and a server that fails is treated as ask.
 */
import { expect } from 'chai';

import { createPost } from '../../src/audit/mail-queue.ts';
import { contextOf, type Letter } from '../../src/audit/notices.ts';
import { type Channel, ChannelError, type Mail } from '../../src/channels/channel.ts';
import { createIndexes } from '../../src/database/connect.ts';
import { createStoredMessages, type Messages } from '../../src/models/message.ts';
import { crypt, log, openChain } from '../support/chain.ts';

const letter: Letter = {
  to: 'ada@example.org',
  message: 'notice',
  values: { about: 'method-added' },
  locale: 'en',
};
const temporary = new ChannelError('not now', { isTemporary: true });
const permanent = new ChannelError('never', { isTemporary: false });

describe('post', () => {
  let open: Awaited<ReturnType<typeof openChain>>;
  let messages: Messages;
  let now: Date;
  let sent: Mail[];
  let asked: number;
  /** What the server does with a mail, and whether it can be reached at all. */
  let fails: Error | undefined;
  let isAway: boolean;

  before(async () => {
    open = await openChain();
    messages = createStoredMessages(open.connection);
    await createIndexes(open.connection);
  });
  beforeEach(async () => {
    await messages.model.deleteMany({});
    now = new Date('2026-03-01T12:00:00Z');
    [sent, asked, fails, isAway] = [[], 0, undefined, false];
  });
  after(() => open.close());

  const mail: Channel<Mail> = {
    async send(message) {
      asked += 1;
      if (isAway) throw temporary;
      if (fails) throw fails;
      sent.push(message);
    },
    async check() {
      if (isAway) throw temporary;
    },
  };
  const clock = { now: () => now };
  const post = () => {
    const render = () => ({ subject: 'New way to sign in', text: 'A new way' });
    return createPost({ messages, mail, render, crypt, clock, log });
  };
  const promise = (id: string) =>
    messages.promise({
      _id: id,
      sealed: crypt.seal(JSON.stringify(letter), contextOf(id)),
      tries: 0,
      dueAt: now,
      expiresAt: new Date('2026-03-02T12:00:00Z'),
    });
  const sweepFor = async (minutes: number) => {
    for (let step = 0; step < minutes * 12; step += 1) {
      now = new Date(now.getTime() + 5000);
      await post().sweep();
    }
  };

  it('sends what was promised, and only once', async () => {
    expect(await promise('m1')).to.equal(true);
    await post().sweep();
    await post().sweep();
    // Promised again, by whoever did not hear that it was sent.
    expect(await promise('m1')).to.equal(false);
    await sweepFor(1);
    expect(sent.map(({ to, messageId }) => [to, messageId])).to.deep.equal([
      ['ada@example.org', 'm1'],
    ]);
  });

  it('is shared by processes without a double', async () => {
    for (let index = 0; index < 10; index += 1) await promise(`m${index}`);
    await Promise.all([post().sweep(), post().sweep(), post().sweep()]);
    expect(sent.map(({ messageId }) => messageId).sort()).to.have.length(10);
    expect(new Set(sent.map(({ messageId }) => messageId)).size).to.equal(10);
  });

  it('asks a server that is busy three times within five minutes (R-22)', async () => {
    fails = temporary;
    await promise('m1');
    await sweepFor(5);
    expect(asked).to.equal(3);
    await sweepFor(20);
    expect(asked).to.equal(3);
  });

  it('asks a server that refuses once (R-22)', async () => {
    fails = permanent;
    await promise('m1');
    await sweepFor(10);
    expect(asked).to.equal(1);
  });

  it('delivers within a minute of a server’s return, whatever was tried before (R-20)', async () => {
    isAway = true;
    await promise('m1');
    await promise('m2');
    await sweepFor(10);
    expect(sent).to.deep.equal([]);
    isAway = false;
    await sweepFor(1);
    expect(sent.map(({ messageId }) => messageId).sort()).to.deep.equal(['m1', 'm2']);
  });

  it('sends nothing that is a day old', async () => {
    isAway = true;
    await promise('m1');
    await sweepFor(1);
    isAway = false;
    now = new Date('2026-03-02T12:00:01Z');
    await post().sweep();
    expect(sent).to.deep.equal([]);
    expect(await messages.due(new Date('2027-01-01'), 10)).to.deep.equal([]);
  });

  it('goes on past a message that cannot be read', async () => {
    await messages.promise({
      ...{ _id: 'm0', sealed: 'nonsense', tries: 0 },
      ...{ dueAt: new Date(now.getTime() - 1000), expiresAt: new Date('2026-03-02T12:00:00Z') },
    });
    await promise('m1');
    await post().sweep();
    expect(sent.map(({ messageId }) => messageId)).to.deep.equal(['m1']);
  });

  it('sends what a process took and died with', async () => {
    await promise('m1');
    const [due] = await messages.due(now, 1);
    if (due) await messages.lease(due, new Date(now.getTime() + 45_000));
    await post().sweep();
    expect(sent).to.deep.equal([]);
    await sweepFor(1);
    expect(sent).to.have.length(1);
  });

  it('keeps a message unreadable to whoever reads the database', async () => {
    await promise('m1');
    const stored = JSON.stringify(await messages.model.find().lean().exec());
    expect(stored).not.to.match(/ada@|Lovelace|method-added/);
  });
});
