import { expect } from 'chai';

import { inEveryOrder } from './every-order.ts';
import { openWorld } from './memory-door.ts';
import * as people from './memory-people.ts';

const { ada, code, enrolment, formOf, question, recoveryCode, signIn, textedCode } = people;

describe('An answer whose process is killed in the midst of it', () => {
  for (const [what, asked, typed] of [
    ['a right code of an app', question('code', 'app'), code],
    ['a right code of a text', question('text', 'phone'), textedCode],
    ['a recovery code', question('recovery-code', 'paper'), recoveryCode],
    ['a wrong code', question('code', 'app'), people.wrongCode],
  ] as const) {
    it(`was counted before it was compared, and proves nothing twice: ${what}`, () =>
      inEveryOrder(async () => {
        const flow = signIn(asked);
        const world = await openWorld(ada, flow);
        const proofs = async () =>
          (await world.flow()).proofs.filter(({ factor }) => factor === 'possession').length;
        const used = async () =>
          (await world.ada()).credentials.find(({ id }) => id === asked.credential)?.version ?? 0;
        return {
          calls: [() => world.answers(formOf(flow, typed))],
          isMortal: true,
          async check() {
            const { challenge } = await world.flow();
            const left = challenge?.attemptsLeft ?? 4;
            const { attempts } = await world.ada();
            if (world.judged.length > 0) {
              expect(left).to.equal(4);
              expect(attempts.tallies['second-factor']?.streak).to.equal(1);
            }
            expect(await proofs()).to.be.at.most(await used());
            if (!challenge) return;
            const wasUsed = await used();
            const again = await world.answers(formOf(flow, typed, 5 - left));
            const isRight = typed !== people.wrongCode && (asked.method === 'text' || !wasUsed);
            expect(again?.outcome === 'passed').to.equal(isRight);
            expect(await proofs()).to.equal(isRight ? 1 : 0);
          },
        };
      }));
  }

  it('brings an app to the account once, with recovery codes that are shown, however it goes on', () =>
    inEveryOrder(async () => {
      const flow = enrolment();
      const world = await openWorld(people.beginner, flow);
      return {
        calls: [() => world.answers(formOf(flow, code))],
        isMortal: true,
        async check() {
          const { challenge, proofs } = await world.flow();
          const kinds = async () => (await world.ada()).credentials.map(({ kind }) => kind);
          const all = ['password', 'app', 'recovery-codes'];
          expect(await kinds()).to.be.deep.oneOf([['password'], all]);
          if (proofs.length > 1) expect(await kinds()).to.deep.equal(all);
          if (!challenge) return;
          await world.answers(formOf(flow, code, 5 - challenge.attemptsLeft));
          expect(await kinds()).to.deep.equal(all);
          const { proofs: both, facts } = await world.flow();
          expect(both).to.have.length(2);
          expect(facts.recoveryCodes, 'shown').to.equal(flow.facts.enrolling?.codes?.sealed);
        },
      };
    }));
});
