import type { DatabaseSync } from 'node:sqlite';

import { deserialize } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { createBatch } from '../../../../src/database/embedded/batch.ts';
import { createEngine } from '../../../../src/database/embedded/engine/engine.ts';
import type { Engine } from '../../../../src/database/embedded/engine/engine.ts';
import { openDatabase } from '../../../../src/database/embedded/engine/open.ts';
import { MalformedInput } from '../../../../src/database/embedded/errors.ts';
import { ask, engineInMemory, toDoc } from './engine-kit.ts';

function batchOn(engine: Engine) {
  const errors: unknown[] = [];
  const outcomes: string[] = [];
  const batch = createBatch(engine, (error) => errors.push(error));
  const add = (read: () => ReturnType<typeof toDoc>, answered = true): void =>
    batch.add({
      read,
      answered,
      answer: (reply) => outcomes.push(describeReply(reply)),
      reject: () => outcomes.push('rejected'),
    });
  const say = (command: Document, answered?: boolean) =>
    add(() => toDoc({ ...command, $db: 'test' }), answered);
  return { batch, errors, outcomes, add, say };
}

function describeReply(reply: Buffer): string {
  const { code = 'ok', n = '' } = deserialize(reply);
  return `${String(code)} ${String(n)}`;
}

const count = (engine: Engine): unknown => ask(engine, { count: 'c' }).n;

describe('a batch', () => {
  it('runs its commands in one transaction, and answers after it', () => {
    const engine = engineInMemory();
    const log: string[] = [];
    const store = {
      ...engine.store,
      begin() {
        log.push('begin');
        engine.store.begin();
      },
      commit() {
        engine.store.commit();
        log.push('commit');
      },
    };
    const batch = createBatch({ ...engine, store }, () => undefined);
    for (const _id of [1, 2]) {
      batch.add({
        read: () => toDoc({ insert: 'c', documents: [{ _id }], $db: 'test' }),
        answered: true,
        answer: () => log.push(`answer ${_id}`),
        reject: () => undefined,
      });
    }
    batch.flush();
    expect(log).to.deep.equal(['begin', 'commit', 'answer 1', 'answer 2']);
  });

  it('waits for the end of the turn', async () => {
    const { say, outcomes } = batchOn(engineInMemory());
    say({ insert: 'c', documents: [{ _id: 1 }] });
    await Promise.resolve();
    say({ insert: 'c', documents: [{ _id: 2 }] });
    expect(outcomes).to.deep.equal([]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(outcomes).to.deep.equal(['ok 1', 'ok 1']);
  });

  it('keeps what others did when one is refused, malformed or broken', () => {
    const engine = engineInMemory();
    const { batch, say, add, errors, outcomes } = batchOn(engine);
    say({ insert: 'c', documents: [{ _id: 1 }] });
    say({ nonsense: 1 });
    add(() => {
      throw new MalformedInput('no BSON');
    });
    add(() => {
      throw new TypeError('a bug');
    });
    say({ insert: 'c', documents: [{ _id: 2 }] });
    batch.flush();
    expect(outcomes).to.have.members(['ok 1', '59 ', 'rejected', '1 ', 'ok 1']);
    expect(count(engine)).to.equal(2);
    expect(errors.map(String)).to.deep.equal(['TypeError: a bug']);
  });

  it('tells only what is on the disk, even to who asks in the same turn', () => {
    const { batch, say, outcomes } = batchOn(engineInMemory());
    say({ insert: 'c', documents: [{ _id: 1 }] });
    say({ count: 'c' });
    batch.flush();
    expect(outcomes).to.deep.equal(['ok 0', 'ok 1']);
  });

  it('does not let a command overtake the one before it that wanted no answer', () => {
    const { batch, say, outcomes } = batchOn(engineInMemory());
    say({ insert: 'c', documents: [{ _id: 1 }] }, false);
    say({ count: 'c' });
    batch.flush();
    expect(outcomes).to.deep.equal(['ok 1', 'ok 1']);
  });

  it('acknowledges nothing if the disk did not take it, and forgets what it made', () => {
    const engine = engineInMemory();
    const broken = new Error('disk I/O error');
    const store = {
      ...engine.store,
      commit: () => {
        throw broken;
      },
    };
    const { batch, say, errors, outcomes } = batchOn({ ...engine, store });
    say({ insert: 'c', documents: [{ _id: 1 }] });
    say({ ping: 1 });
    batch.flush();
    expect(outcomes).to.deep.equal(['ok ', '1 ']);
    expect(errors).to.deep.equal([broken]);
    expect(engine.catalog.all()).to.deep.equal([]);
    expect(count(engine)).to.equal(0);
  });
});

describe('a full disk', () => {
  /** SQLite refuses to grow the file as it would if the disk did. */
  const roomFor = (db: DatabaseSync, pages: number) => db.exec(`PRAGMA max_page_count = ${pages}`);

  it('is also what a quota is called, which SQLite learns as a failed write', () => {
    const engine = engineInMemory();
    const failed = Object.assign(new Error('disk I/O error'), { errcode: 778 });
    const store = {
      ...engine.store,
      commit: () => {
        throw failed;
      },
    };
    const { batch, say, errors, outcomes } = batchOn({ ...engine, store });
    say({ insert: 'c', documents: [{ _id: 1 }] });
    batch.flush();
    expect([outcomes, errors]).to.deep.equal([['14031 '], []]);
  });

  it('refuses what does not fit, whole, and goes on as soon as there is room', () => {
    const db = openDatabase(':memory:');
    if (db === undefined) throw new Error('in use');
    const engine = createEngine(db, { clock: () => new Date(0), onScan: () => undefined });
    const { batch, say, errors, outcomes } = batchOn(engine);
    const insert = (_id: number, size: number) =>
      say({ insert: 'c', documents: [{ _id, text: 'x'.repeat(size) }] });
    insert(1, 10);
    batch.flush();
    roomFor(db, 30);
    insert(2, 10);
    insert(3, 1_000_000);
    say({ count: 'c' });
    batch.flush();
    insert(4, 10);
    say({ insert: 'new', documents: [{ text: 'x'.repeat(1_000_000) }] });
    batch.flush();
    expect(outcomes).to.deep.equal(['ok 1', 'ok 1', '14031 ', '14031 ', '14031 ', '14031 ']);
    expect(errors, 'told to those who ask').to.deep.equal([]);
    expect(engine.catalog.all().map(({ name }) => name)).to.deep.equal(['c']);
    expect(count(engine)).to.equal(1);

    roomFor(db, 10_000);
    insert(3, 1_000_000);
    batch.flush();
    expect(outcomes.at(-1)).to.equal('ok 1');
    expect(count(engine)).to.equal(2);
  });
});
