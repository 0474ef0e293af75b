/**
 * A pass where everybody's password is asked, through the whole door (S-144).
 */
import { expect } from 'chai';

import { makePass } from '../../../src/credentials/temporary-access-pass.ts';
import { vaultOf } from '../../../src/credentials/vault.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';
import type { Account } from '../../../src/models/account.ts';
import { addressOf } from '../../../src/models/challenge.ts';
import type { Flow } from '../../../src/models/flow.ts';
import { NOBODY } from '../../../src/verification/resolve-choice.ts';
import { openWorld, withoutPauses, type World } from './memory-door.ts';
import { beginner, noon, question, signIn } from './memory-people.ts';
import { crypt } from './rate-limits/counting.ts';

const hour = { startsAt: secondsAfter(noon, -60), endsAt: secondsAfter(noon, 3600) };
const { stored, code } = makePass(vaultOf(crypt, 'ada', 'pass'), { ...hour, isOnce: true });
const held = {
  ...{ id: 'pass', kind: 'temporary-access-pass', version: 0, addedAt: noon },
  data: stored,
};
const ada: Account = { ...beginner, credentials: [...beginner.credentials, held] };

const atPassword = (more: Partial<Flow> = {}, credential = 'password'): Flow =>
  signIn(question('password', credential), { proofs: [], ...more });

const formOf = ({ challenge }: Flow, password: string) => ({
  password,
  challenge: addressOf({ id: '', attemptsLeft: 0, ...challenge }),
});

const passOf = async (world: World) =>
  (await world.ada()).credentials.find(({ id }) => id === 'pass');
const guesses = async (world: World): Promise<number> =>
  (await world.ada()).attempts.tallies.password?.streak ?? 0;

describe('A pass in the field of a password', () => {
  withoutPauses();

  it('proves as itself, and is used then', async () => {
    const flow = atPassword();
    const world = await openWorld(ada, flow);
    const answered = await world.answers(formOf(flow, code));
    expect(answered?.outcome).to.equal('passed');
    const [proof, ...more] = (await world.flow()).proofs;
    expect(more).to.deep.equal([]);
    expect(proof).to.deep.include({
      ...{ method: 'temporary-access-pass', credential: 'pass', factor: 'pass' },
      ...{ amr: ['otp'], traits: ['stands-alone', 'recovers'] },
    });
    expect(await passOf(world)).to.have.nested.property('data.usedAt');
  });

  it('leaves the password what it is, which comes first', async () => {
    const flow = atPassword();
    const world = await openWorld(ada, flow);
    expect((await world.answers(formOf(flow, 'right')))?.outcome).to.equal('passed');
    expect((await world.flow()).proofs[0]).to.include({ method: 'password', factor: 'knowledge' });
    expect(await passOf(world)).to.have.property('version', 0);
  });

  it('does where there is no password, and nobody’s is asked', async () => {
    const flow = atPassword({}, NOBODY);
    const world = await openWorld({ ...ada, credentials: [held] }, flow);
    expect((await world.answers(formOf(flow, code)))?.outcome).to.equal('passed');
    expect((await world.flow()).proofs[0]).to.include({ credential: 'pass' });
  });

  const refused: Readonly<Record<string, Account>> = {
    'of whoever is disabled': { ...ada, disabledAt: noon },
    'that its owner disowned': {
      ...ada,
      credentials: [...beginner.credentials, { ...held, suspendedAt: noon }],
    },
    'that cannot be read': {
      ...ada,
      credentials: [...beginner.credentials, { ...held, data: { digest: 5 } }],
    },
    'that was made for another credential': {
      ...ada,
      credentials: [...beginner.credentials, { ...held, id: 'other' }],
    },
    'of whoever has none': beginner,
  };
  for (const [title, account] of Object.entries(refused)) {
    it(`is a wrong password, counted once, where it is one ${title}`, async () => {
      const flow = atPassword();
      const world = await openWorld(account, flow);
      expect((await world.answers(formOf(flow, code)))?.outcome).to.equal('wrong-answer');
      const { challenge, proofs } = await world.flow();
      expect(challenge).to.include({ method: 'password', failure: 'wrong-answer' });
      expect(proofs).to.deep.equal([]);
      expect(await guesses(world)).to.equal(1);
    });
  }

  it('is used once, of fifty sign-ins at the same moment (R-05)', async () => {
    const flows = Array.from({ length: 50 }, (_, at) => atPassword({ _id: `flow-${at}` }));
    const world = await openWorld(ada, ...flows);
    const results = await Promise.allSettled(
      flows.map((flow) => world.answers(formOf(flow, code), flow._id)),
    );
    const passed = results.filter(
      (result) => result.status === 'fulfilled' && result.value?.outcome === 'passed',
    );
    expect(passed).to.have.length(1);
    expect((await passOf(world))?.version).to.equal(1);
  });
});
