import { setImmediate } from 'node:timers/promises';

import { expect } from 'chai';

import { createGate } from '../../../src/lib/gate.ts';
import { Problem } from '../../../src/lib/problem.ts';

const clock = { now: () => new Date('2026-11-22T12:00:00Z') };

/** Tasks that end when told to. */
function createTasks(gate: ReturnType<typeof createGate>) {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  return {
    started,
    start: (name: string): Promise<string> => {
      const end = Promise.withResolvers<string>();
      ends.set(name, end);
      return gate(() => {
        started.push(name);
        return end.promise;
      });
    },
    end: (name: string) => ends.get(name)?.resolve(name),
    fail: (name: string) => ends.get(name)?.reject(new Error(name)),
  };
}

describe('gate', () => {
  it('lets so many through at once and the others in their order', async () => {
    const tasks = createTasks(createGate({ atOnce: 2, mostWaiting: 2 }, clock));
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(tasks.start);
    expect(tasks.started).to.deep.equal(['a', 'b']);
    tasks.end('b');
    await b;
    await setImmediate();
    expect(tasks.started).to.deep.equal(['a', 'b', 'c']);
    tasks.end('c');
    await c;
    await setImmediate();
    expect(tasks.started).to.deep.equal(['a', 'b', 'c', 'd']);
    tasks.end('a');
    tasks.end('d');
    expect(await Promise.all([a, d])).to.deep.equal(['a', 'd']);
  });

  it('sends away who finds the line full, and says when to come back', async () => {
    const tasks = createTasks(createGate({ atOnce: 1, mostWaiting: 1 }, clock));
    const [a, b] = ['a', 'b'].map(tasks.start);
    const refused = await tasks.start('c').catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(Problem);
    expect(refused).to.deep.include({ code: 'busy', retryAt: new Date('2026-11-22T12:00:05Z') });
    tasks.end('a');
    tasks.end('b');
    await Promise.all([a, b]);
    expect(tasks.started).to.deep.equal(['a', 'b']);
  });

  it('frees the place of a task that failed', async () => {
    const tasks = createTasks(createGate({ atOnce: 1, mostWaiting: 1 }, clock));
    const failing = tasks.start('a').catch(() => 'failed');
    const next = tasks.start('b');
    tasks.fail('a');
    expect(await failing).to.equal('failed');
    tasks.end('b');
    expect(await next).to.equal('b');
    const last = tasks.start('c');
    tasks.end('c');
    expect(await last).to.equal('c');
  });
});
