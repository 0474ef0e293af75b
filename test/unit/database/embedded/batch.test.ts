import { deserialize } from 'bson';
import type { Document } from 'bson';
import { expect } from 'chai';

import { createBatch } from '../../../../src/database/embedded/batch.ts';
import type { Engine } from '../../../../src/database/embedded/engine/engine.ts';
import { MalformedInput } from '../../../../src/database/embedded/errors.ts';
import { ask, engineInMemory, toDoc } from './engine-kit.ts';

function batchOn(engine: Engine) {
  const errors: unknown[] = [];
  const outcomes: string[] = [];
  const batch = createBatch(engine, (error) => errors.push(error));
  const add = (read: () => ReturnType<typeof toDoc>): void =>
    batch.add({
      read,
      answer: (reply) => outcomes.push(describeReply(reply)),
      reject: () => outcomes.push('rejected'),
    });
  const say = (command: Document) => add(() => toDoc({ ...command, $db: 'test' }));
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
    expect(outcomes).to.deep.equal(['ok 1', '59 ', 'rejected', '1 ', 'ok 1']);
    expect(count(engine)).to.equal(2);
    expect(errors.map(String)).to.deep.equal(['TypeError: a bug']);
  });

  it('acknowledges nothing if the disk did not take it, and forgets what it made', () => {
    const engine = engineInMemory();
    const full = new Error('database or disk is full');
    const store = {
      ...engine.store,
      commit: () => {
        throw full;
      },
    };
    const { batch, say, errors, outcomes } = batchOn({ ...engine, store });
    say({ insert: 'c', documents: [{ _id: 1 }] });
    say({ ping: 1 });
    batch.flush();
    expect(outcomes).to.deep.equal(['1 ', '1 ']);
    expect(errors).to.deep.equal([full]);
    expect(engine.catalog.all()).to.deep.equal([]);
    expect(count(engine)).to.equal(0);
  });
});
