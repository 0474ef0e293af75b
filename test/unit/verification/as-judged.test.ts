/**
 * What was right moves on from where it was judged, and never from where somebody else has taken it
 * since: counting and taking back read the account again.
 */
import { expect } from 'chai';

import { createAnswer } from '../../../src/verification/answer.ts';
import { createEnrolment } from '../../../src/verification/enrol.ts';
import type { RateLimiter } from '../../../src/verification/rate-limits/rate-limiter.ts';
import { createRequestBudget } from '../../../src/verification/rate-limits/request-budget.ts';
import { addressOf } from '../../../src/models/challenge.ts';
import type { Flow } from '../../../src/models/flow.ts';
import { openWorld } from './memory-door.ts';
import { beginner, from, noon, question, signIn } from './memory-people.ts';
import { here } from './rate-limits/counting.ts';

const [password] = beginner.credentials;
const outdated = { ...password, data: { hash: 'old:right', setAt: noon } } as typeof password;

describe('A password that is hashed anew', () => {
  it('leaves a newer one alone that came while the attempt was taken back', async () => {
    if (!outdated) throw new Error('nothing to ask');
    const flow = signIn(question('password', outdated.id), { proofs: [] });
    const world = await openWorld({ ...beginner, credentials: [outdated] }, flow);
    const { accounts } = world;
    const rateLimiter: Pick<RateLimiter, 'countKnowledge'> = {
      countKnowledge: async () => ({
        account: await world.ada(),
        wasWrong: async () => undefined,
        outlook: undefined,
        async takeBack() {
          const data = { hash: 'new:chosen since', setAt: noon };
          await accounts.replacePassword(await world.ada(), outdated, { data, signedOutAt: noon });
          return world.ada();
        },
      }),
    };
    const { answer } = createAnswer({
      ...world.deps,
      rateLimiter: rateLimiter as RateLimiter, // what is asked of it here
      enrolment: createEnrolment(world.deps),
      requestBudget: createRequestBudget(world.deps),
      countCompletion: async () => undefined,
    });
    const challenge = addressOf({ ...question('password', outdated.id) });
    const answered = await answer('flow', {
      form: { password: 'right', challenge },
      isOurs: (one): one is Flow => one._id === 'flow',
      circumstances: () => ({ place: here, from, askNext: async () => undefined }),
    });
    expect(answered?.outcome).to.equal('already-used');
    const [kept] = (await world.ada()).credentials;
    expect(kept?.data).to.have.property('hash', 'new:chosen since');
    expect((await world.flow()).proofs).to.deep.equal([]);
  });
});
