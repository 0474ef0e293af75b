import { expect } from 'chai';

import type { Proof } from '../../../src/assurance/proof.ts';
import type { Facts, Flow } from '../../../src/sign-in/flow.ts';
import { passwordAfterPass } from '../../../src/sign-in/after-pass.ts';
import { rules } from '../administration/small-policy.ts';
import { beginner, noon } from '../verification/memory-people.ts';
import { secondsAfter } from '../../../src/lib/clock.ts';

const flow = {
  _id: 'f',
  facts: {},
  expiresAt: secondsAfter(noon, 3000),
} as unknown as Flow; // as much of one as is looked at

const proofBy = (factor: Proof['factor'], at = noon): Proof => ({
  ...{ account: 'ada', method: factor, credential: factor, factor, amr: [], at },
});
const pass = proofBy('pass');
const without = { ...beginner, credentials: [] };

describe('After a pass (S-144)', () => {
  const after = (proofs: Proof[], { account = beginner, facts = {} } = {}) =>
    passwordAfterPass(
      { flow: { ...flow, facts }, account, proofs },
      { ...rules, interactionSeconds: 3600 },
    );

  it('a new password is offered to whoever has one, and needed by whoever has none', () => {
    expect(after([pass])).to.equal('offered');
    expect(after([pass], { account: without })).to.equal('needed');
  });

  it('it is offered once, and needed until there is one', () => {
    const facts: Facts = { passwordSettled: true };
    expect(after([pass], { facts })).to.equal(undefined);
    expect(after([pass], { facts, account: without })).to.equal('needed');
  });

  it('nobody is asked who came otherwise, or by a pass of an earlier sign-in', () => {
    expect(after([proofBy('knowledge'), proofBy('possession')])).to.equal(undefined);
    expect(after([proofBy('pass', secondsAfter(noon, -601))])).to.equal(undefined);
    expect(after([proofBy('pass', secondsAfter(noon, -600))])).to.equal('offered');
  });

  it('nothing is changed of whoever is kept out', () => {
    const account = { ...without, disabledAt: noon };
    expect(after([pass], { account })).to.equal(undefined);
  });
});
