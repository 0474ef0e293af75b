/**
 * The policy in force: kept in the database, and the same in every process within five seconds.
 */
import { expect } from 'chai';

import { systemClock } from '../../src/lib/clock.ts';
import { createAccounts } from '../../src/models/account.ts';
import { createPolicies } from '../../src/models/policy.ts';
import { createPolicyInForce } from '../../src/policy/policy.ts';
import { clock } from '../support/clock.ts';
import { openCommandLine } from '../support/command-line.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';

describe('The policy', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse()));
  afterEach(() => house.close());

  /** As the command line does, in a process of its own. */
  async function decide(change: object, basedOn = 1): Promise<boolean> {
    const policies = createPolicies(house.connection);
    const begins = house.settings.policy;
    const elsewhere = createPolicyInForce({ policies, begins, clock: systemClock });
    const policy = { ...(await elsewhere.read()), ...change };
    return elsewhere.change({ policy, author: 'test', reason: 'to see', basedOn });
  }

  it('begins with what the configuration says', async () => {
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
    const [first] = await createPolicies(house.connection).history(10);
    expect(first).to.include({ _id: 1, author: 'configuration' });
    expect(first?.policy).to.deep.equal(house.settings.policy);
  });

  it('is in force five seconds after it was changed, and no request has to wait for it', async () => {
    await house.atSecondStep('ada');
    await decide({ twoSteps: 'when-asked' });
    clock.advance({ seconds: 5 });
    const ada = await house.atSecondStep('ada');
    ada.landed();
  });

  it('takes a method out of a sign-in that has begun', async () => {
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/text/answer');
    const { methods } = house.settings.policy;
    await decide({ methods: { ...methods, text: { signIn: false } } });
    clock.advance({ seconds: 5 });
    await bob.presses('restart');
    await bob.identifies();
    expect(bob.sees()).not.to.equal('methods/text/answer');
  });

  it('takes a method out for some groups, and from nobody else', async () => {
    await house.atSecondStep('ada');
    const accounts = house.connection.model('Account');
    await accounts.updateOne({ _id: 'id-ada' }, { $set: { groups: ['contractors'] } });
    const { methods } = house.settings.policy;
    const text = { signIn: { exclude: ['groups:contractors'] } };
    await decide({ methods: { ...methods, text } });
    clock.advance({ seconds: 5 });
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    const offered = ada.html().querySelectorAll('[name="method"]');
    expect(offered.map((each) => each.getAttribute('value'))).not.to.include('text');
    await ada.says({ method: 'text', credential: 'phone' });
    expect(house.carrier.texts).to.deep.equal([]);
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/text/answer');
  });

  it('names whom a change would cost the second step, and makes it once that is confirmed', async () => {
    await house.atSecondStep('ada');
    const { directory, uri } = house.settings.database;
    const line = await openCommandLine({
      ...{ DATA_DIRECTORY: directory, SMS_PROVIDER_URL: house.carrier.url },
      ...(uri !== undefined && { MONGODB_URI: uri }),
    });
    try {
      const reason = ['--reason', 'texts are too weak for them'];
      await line.doorstep('groups', 'add', 'bob', 'contractors');
      const decided = ['policy', 'set', 'methods.text.signIn.exclude', 'groups:contractors'];
      expect(await line.refused(...decided, ...reason)).to.equal(
        '1 person would set up another second step with a password alone: bob.\n' +
          'Nothing is changed. With --confirm it is done all the same.\n',
      );
      expect(await line.doorstep('policy', 'show')).to.match(/^# version 1\n[^]*text:\n.*: true/);
      expect(await line.doorstep(...decided, ...reason, '--confirm')).to.equal(
        'Version 2 is in force within five seconds.\n',
      );
      clock.advance({ seconds: 5 });
      const bob = await house.atSecondStep('bob');
      expect(bob.sees()).to.equal('sign-in/enrol-intro');
      expect(house.carrier.texts).to.deep.equal([]);
    } finally {
      await line.close();
    }
  });

  it('takes a method out of questions and enrolments that are open already', async () => {
    const bob = await house.atSecondStep('bob');
    const code = house.carrier.lastCode(people.bob.phone);
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'text' });
    await cleo.says({ country: 'DE', number: '0151 23456789' });
    const hers = house.carrier.lastCode('+4915123456789');
    const { methods } = house.settings.policy;
    await decide({ methods: { ...methods, text: { signIn: false } } });
    clock.advance({ seconds: 5 });
    await bob.says({ code });
    expect(bob.sees()).to.equal('methods/text/answer');
    expect(bob.reads()).to.contain('no longer allowed');
    await cleo.says({ code: hers });
    expect(cleo.sees()).to.equal('methods/text/add');
    const account = await createAccounts(house.connection).findById('id-cleo');
    expect(account?.credentials.map(({ kind }) => kind)).not.to.include('phone');
  });

  it('outlives a restart, whatever the configuration says', async () => {
    await house.atSecondStep('ada');
    await decide({ twoSteps: 'when-asked' });
    await house.restart();
    (await house.atSecondStep('ada')).landed();
  });

  it('is changed by one of two who change it at once', async () => {
    await house.atSecondStep('ada');
    const decided = await Promise.all([
      decide({ rememberDays: 7 }),
      decide({ rememberDays: 9 }),
      decide({ rememberDays: 11 }),
    ]);
    expect(decided.filter(Boolean)).to.have.length(1);
    expect(await createPolicies(house.connection).history(10)).to.have.length(2);
  });

  it('has the default where a stored version is older than a setting', async () => {
    const { rememberDays: _, ...older } = house.settings.policy;
    const version = { _id: 2, policy: older, author: 'test', reason: 'old', at: new Date() };
    await createPolicies(house.connection).add(version);
    const ada = await house.atSecondStep('ada');
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('lets nobody in while it cannot be read', async () => {
    const version = {
      _id: 2,
      policy: { twoSteps: 'never' },
      author: 'x',
      reason: 'x',
      at: new Date(),
    };
    await house.shop.configuration();
    await createPolicies(house.connection).add(version);
    clock.advance({ seconds: 5 });
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    expect(ada.status()).to.equal(500);
    expect((await ada.raw('/jwks')).status, 'what policy does not decide').to.equal(200);
  });
});
