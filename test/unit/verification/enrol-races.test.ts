import { expect } from 'chai';

import { readCode } from '../../../src/credentials/paper-code.ts';
import { vaultOf } from '../../../src/credentials/vault.ts';
import { crypt } from './rate-limits/counting.ts';
import { atOnce, inEveryOrder } from './every-order.ts';
import { openWorld, type World } from './memory-door.ts';
import * as people from './memory-people.ts';

const { ada, beginner, code, earlier, enrolment, formOf, signIn } = people;

const kindsOf = async (world: World) => (await world.ada()).credentials.map(({ kind }) => kind);
const ALL = ['password', 'app', 'recovery-codes'];

describe('Enrolments at the same moment', () => {
  it('add the app once, with one set of recovery codes, which is shown: two forms of one page', () =>
    inEveryOrder(async () => {
      const flow = enrolment();
      const world = await openWorld(beginner, flow);
      return {
        calls: [0, 1].map((spent) => () => world.answers(formOf(flow, code, spent))),
        async check() {
          expect(await kindsOf(world)).to.deep.equal(ALL);
          const { proofs, facts } = await world.flow();
          expect(proofs).to.have.length(2);
          const paper = (await world.ada()).credentials.at(-1);
          const shown = world.door().enrolment.openCodes('flow', facts.recoveryCodes ?? '');
          const vault = vaultOf(crypt, 'ada', paper?.id ?? '');
          expect(paper?.data).to.deep.equal({
            digests: shown.map((one) => vault.digest(readCode(one))),
          });
        },
      };
    }));

  it('add no more than an account may have, whichever sign-ins they are in', () =>
    inEveryOrder(async () => {
      const more = { proofs: earlier.both };
      const flows = [enrolment(more), enrolment({ ...more, _id: 'other' }, 'newer')];
      const account = { ...ada, credentials: [...ada.credentials, ...people.apps(3)] };
      const world = await openWorld(account, ...flows);
      return {
        calls: flows.map((flow) => () => world.answers(formOf(flow, code), flow._id)),
        async check() {
          expect((await kindsOf(world)).filter((kind) => kind === 'app')).to.have.length(5);
          const added = (await world.ada()).credentials.at(-1)?.id;
          const proofs = await Promise.all(flows.map(({ _id }) => world.flow(_id)));
          const proved = proofs.flatMap((flow) => flow.proofs.slice(2));
          expect(proved.map(({ credential }) => credential)).to.deep.equal([added]);
        },
      };
    }));

  for (const [what, other] of [
    ['one mobile phone', '+14255550136'],
    ['no number twice', '+14255550135'],
  ] as const) {
    it(`add ${what}, whichever sign-ins they are in`, () =>
      inEveryOrder(async () => {
        const flows = [
          people.phoneEnrolment('+14255550135'),
          people.phoneEnrolment(other, { _id: 'other' }),
        ];
        const credentials = ada.credentials.filter(({ kind }) => kind !== 'phone');
        const world = await openWorld({ ...ada, credentials }, ...flows);
        return {
          calls: flows.map(
            (flow) => () => world.answers(formOf(flow, people.textedCode), flow._id),
          ),
          async check() {
            expect((await kindsOf(world)).filter((kind) => kind === 'phone')).to.have.length(1);
          },
        };
      }));
  }

  it('let the first one win where nothing but a password was given, and ask for it (C-16)', () =>
    inEveryOrder(async () => {
      const flows = [enrolment(), enrolment({ _id: 'other' }, 'newer')];
      const world = await openWorld(beginner, ...flows);
      return {
        calls: flows.map((flow) => () => world.answers(formOf(flow, code), flow._id)),
        async check() {
          expect(await kindsOf(world)).to.deep.equal(ALL);
          const [one, other] = [await world.flow(), await world.flow('other')];
          const [won, lost] = one.proofs.length > 1 ? [one, other] : [other, one];
          expect(won.facts.recoveryCodes).to.be.a('string');
          expect(lost.proofs).to.have.length(1);
          expect(lost.facts).to.deep.equal(signIn().facts);
          expect(lost.challenge).to.equal(undefined);
        },
      };
    }));

  it('leave nothing on the account until they are confirmed (S-065, C-38)', async () => {
    const world = await openWorld(beginner, signIn());
    const account = await world.ada();
    const door = world.door();
    const wish = { flow: 'flow', method: 'code', typed: {}, client: 'Shop' };
    const enrolling = await door.enrolment.draft(account, wish);
    const facts = { ...signIn().facts, enrolling };
    const choice = { method: 'code', credential: enrolling.draft?.id ?? '' };
    const asking = { account, choice, purpose: 'enrol', client: 'Shop', locale: 'en' } as const;
    const begun = await door.begin(await world.flow(), { ...asking, from: people.from, facts });
    expect(await world.ada()).to.deep.equal(account);
    world.advance(601);
    expect(await world.answers(formOf(begun ?? signIn(), code))).to.equal(undefined);
    expect(await world.ada()).to.deep.equal(account);
  });

  const ends: Record<string, (world: World, now: Date) => Promise<unknown>> = {
    'is disabled': async (world, now) =>
      world.directory.change(await world.ada(), { disabledAt: now, signedOutAt: now }),
    'is signed out everywhere': ({ directory }, now) =>
      directory.signOut('ada', { signedOutAt: now }),
    'chooses a new password': async (world, now) => {
      const account = await world.ada();
      const [password] = account.credentials;
      if (!password) throw new Error('there is a password');
      return world.accounts.replacePassword(account, password, { data: {}, signedOutAt: now });
    },
  };
  for (const [what, end] of Object.entries(ends)) {
    it(`add nothing any more once the person ${what} (S-147)`, () =>
      inEveryOrder(async () => {
        const flow = enrolment();
        const world = await openWorld(beginner, flow);
        let kindsThen: string[] = [];
        return {
          calls: [
            () => world.answers(formOf(flow, code)),
            () =>
              atOnce(async () => {
                await end(world, world.clock.now());
                kindsThen = await kindsOf(world);
                return undefined;
              }),
          ],
          async check() {
            expect(await kindsOf(world)).to.deep.equal(kindsThen);
            const { proofs } = await world.flow();
            const [, proof] = proofs;
            const { signedOutAt } = await world.ada();
            expect(proof !== undefined).to.equal(kindsThen.length > 1);
            if (proof) expect(proof.at).to.be.below(signedOutAt ?? proof.at);
          },
        };
      }));
  }
});
