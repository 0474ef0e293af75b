/**
 * The promises of the audit chain, on the database: what is added stays as it was, each event
 * once, and whatever somebody does to it is named (S-148).
 */
import { expect } from 'chai';

import { verifyChain } from '../../src/audit/verify.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import type { AuditRecord } from '../../src/models/audit-record.ts';
import { crypt, event, openChain } from '../support/chain.ts';

const LENGTH = 6;

describe('audit chain', () => {
  let open: Awaited<ReturnType<typeof openChain>>;

  beforeEach(async () => {
    open = await openChain();
    const chain = open.chain();
    for (let seq = 1; seq <= LENGTH; seq += 1) {
      await chain.append([event(`${seq}a`), event(`${seq}b`, { name: 'browser.new' })]);
    }
  });
  afterEach(() => open.close());

  const verify = (seen?: { seq: number; hash: string }) =>
    verifyChain({ records: open.records, crypt }, seen);
  const flaws = async () => (await verify()).flaws;
  const at = async (seq: number): Promise<AuditRecord> => {
    const record = await open.records.model.findById(seq).lean<AuditRecord>().exec();
    if (!record) throw new Error(`no record ${seq}`);
    return record;
  };
  /** As somebody who can write to the database. */
  const raw = () => open.records.model.collection;
  const setAt = (seq: number, change: object) =>
    raw().updateOne({ _id: seq as never }, { $set: change });

  it('has nothing to say of what nobody touched', async () => {
    const { records, events, head, flaws: found } = await verify();
    expect(found).to.deep.equal([]);
    expect({ records, events }).to.deep.equal({ records: LENGTH, events: 2 * LENGTH });
    expect(head).to.equal(`${LENGTH}.${(await at(LENGTH)).hash}`);
  });

  it('adds an event once, however often it is moved', async () => {
    await open.chain().append([event('3a')]);
    await open.chain().append([event('3a'), event('new'), event('5b')]);
    const { records, events, flaws: found } = await verify();
    expect({ records, events, found }).to.deep.equal({
      records: LENGTH + 1,
      events: 2 * LENGTH + 1,
      found: [],
    });
  });

  it('takes the events of two processes at once, none lost and none twice', async () => {
    const [left, right] = [open.chain(), open.chain()];
    const rounds = Array.from({ length: 20 }, (_, round) => [
      left.append([event(`left-${round}`), event(`both-${round}`)]),
      right.append([event(`right-${round}`), event(`both-${round}`)]),
    ]);
    await Promise.all(rounds.flat());
    const { events, flaws: found } = await verify();
    expect(found).to.deep.equal([]);
    expect(events).to.equal(2 * LENGTH + 3 * 20);
  });

  it('splits what is too much for one record', async () => {
    await open.chain().append(Array.from({ length: 450 }, (_, index) => event(`many-${index}`)));
    expect((await verify()).records).to.equal(LENGTH + 3);
    expect(await flaws()).to.deep.equal([]);
  });

  for (const [what, change] of Object.entries({
    'another time': { 'events.0.at': new Date('2026-03-01T12:00:01Z') },
    'another account': { 'events.1.account': 'id-eve' },
    'a changed detail': { 'events.0.details.failuresBefore': 1 },
    'a detail more': { 'events.0.details.more': 'x' },
    'an event less': { events: [] },
    'another hash before': { previous: 'x' },
    'another hash': { hash: 'x' },
    'nonsense for a hash': { hash: ['x'] },
    'nonsense for events': { events: 7 },
  })) {
    it(`names a record with ${what}`, async () => {
      await setAt(3, change);
      expect(await flaws()).to.include('Record 3 was edited.');
    });
  }

  it('names a record that is gone', async () => {
    await raw().deleteOne({ _id: 3 as never });
    expect(await flaws()).to.deep.equal(['Record 3 was removed.']);
    await raw().deleteOne({ _id: 4 as never });
    expect(await flaws()).to.deep.equal(['Records 3 to 4 were removed.']);
  });

  it('names the first record that is gone', async () => {
    await raw().deleteOne({ _id: 1 as never });
    expect(await flaws()).to.deep.equal(['Record 1 was removed.']);
  });

  it('names records that changed places', async () => {
    const [two, four] = [await at(2), await at(4)];
    await raw().deleteMany({ _id: { $in: [2, 4] } as never });
    await raw().insertMany([
      { ...two, _id: 4 },
      { ...four, _id: 2 },
    ] as never[]);
    expect(await flaws()).to.include.members(['Record 2 was edited.', 'Record 4 was edited.']);
  });

  it('names a record that was put in, even with a hash that fits without our key', async () => {
    const { hash } = await at(LENGTH);
    const content = { _id: LENGTH + 1, previous: hash, events: [event('forged')] };
    const forged = { ...content, hash: createCrypt(['x'.repeat(32)]).digest('x', 'x') };
    await raw().insertOne(forged as never);
    expect(await flaws()).to.deep.equal([`Record ${LENGTH + 1} was edited.`]);
    await raw().insertOne({ ...forged, _id: 0, events: [event('forged too')] } as never);
    expect(await flaws()).to.include('Record 0 was inserted.');
  });

  it('names a tail that was cut off', async () => {
    await raw().deleteMany({ _id: { $gt: 4 } as never });
    expect(await flaws()).to.deep.equal([
      `Records 5 to 6 were cut off: there was a record ${LENGTH}.`,
    ]);
  });

  it('names a head that was turned back with the tail, or taken away', async () => {
    const heads = open.connection.collection('audit_heads');
    await raw().deleteMany({ _id: { $gt: 4 } as never });
    await heads.updateOne({}, { $set: { seq: 4, hash: (await at(4)).hash } });
    expect(await flaws()).to.deep.equal(['The head was edited.']);
    await heads.deleteMany({});
    expect((await flaws()).join()).to.match(/^The head is missing/);
  });

  it('holds a chain to a head that was written down elsewhere', async () => {
    const seen = { seq: LENGTH, hash: (await at(LENGTH)).hash };
    expect((await verify(seen)).flaws).to.deep.equal([]);
    // Somebody with our key wrote everything anew.
    await raw().deleteMany({});
    await open.connection.collection('audit_heads').deleteMany({});
    const chain = open.chain();
    for (let seq = 1; seq <= LENGTH; seq += 1) await chain.append([event(`${seq}c`)]);
    expect(await flaws()).to.deep.equal([]);
    expect((await verify(seen)).flaws).to.deep.equal([
      `Record ${LENGTH} is not the one that was there.`,
    ]);
  });

  it('goes on after a change of keys, and needs the old one', async () => {
    const [old, fresh] = ['a secret of this test, 32 bytes or more', 'x'.repeat(32)];
    expect(
      (await verifyChain({ records: open.records, crypt: createCrypt([fresh, old]) })).flaws,
    ).to.deep.equal([]);
    const without = await verifyChain({ records: open.records, crypt: createCrypt([fresh]) });
    expect(without.flaws).to.have.length(LENGTH + 1);
  });
});
