import { expect } from 'chai';

import { type Asking, createBegin } from '../../../src/verification/begin.ts';
import type { Flow } from '../../../src/models/flow.ts';
import { inEveryOrder } from './every-order.ts';
import { openWorld, type World, withoutPauses } from './memory-door.ts';
import {
  ada,
  code,
  codes,
  formOf,
  from,
  noon,
  question,
  signIn,
  wrongCode,
} from './memory-people.ts';

const asking = (method: string, credential: string, account = ada): Asking => ({
  ...{ account, choice: { method, credential }, purpose: 'sign-in', client: 'Shop' },
  ...{ locale: 'en', from, facts: signIn().facts },
});
const approval = (account = ada) => asking('approve', 'app', account);

/** In a process of its own, until all that it promised has left. */
async function begins(world: World, read: Flow, what: Asking): Promise<Flow | undefined> {
  const door = world.door();
  const begun = await door.begin(read, what);
  await door.outbox.settled();
  return begun;
}

/** The same for a text, whose budgets are of no interest here. */
async function texts({ deps, door }: World, read: Flow): Promise<Flow | undefined> {
  const { outbox } = door();
  const never = async () => Promise.reject(new Error('nobody is asked'));
  const countSend = async () => ({ at: noon });
  const requestBudget = {
    ...{ count: never, pausedUntil: () => undefined, takeBack: never, pause: never },
  };
  return createBegin({ ...deps, countSend, requestBudget, outbox }).begin(
    read,
    asking('text', 'phone'),
  );
}

const approvals = async (world: World) => (await world.ada()).attempts.tallies.approvals?.times;

describe('Questions at the same moment', () => {
  withoutPauses();

  it('are one, of two from one reading; the other takes nothing from the budget of the phone', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada, signIn());
      const read = await world.flow();
      const begin = () => begins(world, read, approval());
      return {
        calls: [begin, begin],
        async check(results) {
          const [begun, ...others] = results.filter((result) => result !== undefined);
          expect(others).to.deep.equal([]);
          const flow = await world.flow();
          expect(begun).to.deep.equal(flow);
          expect(flow.version).to.equal(1);
          expect(flow.requested?.challenge).to.deep.equal(flow.challenge);
          expect(flow.events).to.have.length(1);
          expect(await approvals(world)).to.have.length(1);
        },
      };
    }));

  it('disturb a phone no more often than it may be, whichever sign-ins cause them (S-095)', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada, signIn(), signIn(undefined, { _id: 'other' }));
      await begins(world, await world.flow(), approval());
      const [one, other, account] = [
        await world.flow(),
        await world.flow('other'),
        await world.ada(),
      ];
      const begin = (read: Flow) => () => begins(world, read, approval(account));
      return {
        calls: [begin(one), begin(other)],
        async check(results) {
          const refused = results.filter((result) => result instanceof Error);
          expect(refused.map(({ code }) => code)).to.deep.equal(['too-many-approvals']);
          expect(await approvals(world)).to.have.length(2);
        },
      };
    }));

  for (const count of [2, 3]) {
    it(`send one text, of ${count} from one reading, with the code that is asked for`, () =>
      inEveryOrder(async () => {
        const world = await openWorld(ada, signIn());
        const read = await world.flow();
        return {
          calls: Array.from({ length: count }, () => () => texts(world, read)),
          async check(results) {
            expect(results.filter((result) => result !== undefined)).to.have.length(1);
            const { challenge, pending } = await world.flow();
            const [sent, ...more] = world.texts;
            expect([more, pending]).to.deep.equal([[], []]);
            expect(digestOf(sent?.text, challenge?.id)).to.equal(digestIn(challenge?.memo));
          },
        };
      }));
  }

  it('promise the text with the question: a process that is killed leaves both or neither', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada, signIn());
      const read = await world.flow();
      return {
        calls: [() => texts(world, read), () => texts(world, read)],
        isMortal: true,
        async check() {
          const { challenge, pending } = await world.flow();
          const [sent] = world.texts;
          expect(pending.map((item) => item.challenge)).to.deep.equal(
            pending.length > 0 ? [challenge?.id] : [],
          );
          expect(world.texts.length + pending.length > 0).to.equal(challenge !== undefined);
          if (sent) expect(digestOf(sent.text, challenge?.id)).to.equal(digestIn(challenge?.memo));
        },
      };
    }));

  it('give back no attempt that a wrong answer costs meanwhile (S-072)', () =>
    inEveryOrder(async () => {
      const world = await openWorld(ada, signIn(question('code', 'app')));
      const form = formOf(await world.flow(), wrongCode);
      return {
        calls: [
          async () => (await world.answers(form))?.flow,
          async () => begins(world, await world.flow(), asking('code', 'app')),
        ],
        async check() {
          const { challenge } = await world.flow();
          expect(challenge?.attemptsLeft).to.equal(5 - world.judged.length);
        },
      };
    }));

  for (const [what, closes] of Object.entries({
    'the same is asked anew': (world: World, read: Flow) =>
      begins(world, read, asking('code', 'app')),
    'another way is asked for': ({ flows }: World, read: Flow) =>
      flows.record(read, { facts: { ...read.facts, choosing: true }, challenge: undefined }),
  })) {
    it(`let the answer to the one before count or be replaced, never both: ${what}`, () =>
      inEveryOrder(async () => {
        const world = await openWorld(ada, signIn(question('code', 'app')));
        const form = formOf(await world.flow(), code);
        async function instead(): Promise<unknown> {
          const read = await world.flow();
          return read.challenge && closes(world, read);
        }
        return {
          calls: [() => world.answers(form), instead],
          async check([answered, replaced]) {
            const { proofs, challenge } = await world.flow();
            expect(challenge?.id).not.to.equal('old');
            expect(proofs).to.have.length(answered ? 2 : 1);
            expect([answered, replaced].filter((result) => result !== undefined)).to.have.length(1);
            expect(await world.answers(form), 'the old form').to.equal(undefined);
          },
        };
      }));
  }
});

const digestOf = (code = '', challenge = ''): string => codes.digest(code, `text/${challenge}`);
const digestIn = (memo: unknown): unknown => (memo as { readonly digest?: unknown }).digest;
