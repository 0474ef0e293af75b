/**
 * Being asked at a sign-in to register what it would do without: a first second step, what a reset
 * takes, a campaign's method, and a look at what is there.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { skippedIn } from '../../src/models/registration.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { toldOf } from '../support/my-account.ts';
import { appCode } from '../support/people.ts';
import { answered } from '../support/security-answers.ts';
import type { Visitor } from '../support/visitor.ts';

describe('Registration at sign-in', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse()));
  afterEach(() => house.close());

  async function wants(registration: object, twoSteps = 'when-asked'): Promise<void> {
    const { policy } = administrationOf(house);
    const decided = house.settings.policy;
    const next = {
      ...{ ...decided, twoSteps },
      registration: { ...decided.registration, ...registration },
    };
    await policy.replace(next, { reason: 'to see', isConfirmed: true });
    clock.advance({ seconds: 6 });
  }

  const secondStep = { secondStep: { for: true, skips: 2, skipDays: 14 } };
  const campaign = {
    campaign: { for: true, method: 'text', snoozeDays: 1, skips: 1, isForced: true },
  };

  /** Cleo has a password alone. */
  async function cleo(): Promise<Visitor> {
    const visitor = house.visitor('cleo');
    await visitor.opens(await house.shop.signIn());
    await visitor.identifies();
    return visitor;
  }

  /** Each of her codes is good once. */
  async function ada(): Promise<Visitor> {
    clock.advance({ minutes: 1 });
    const visitor = await house.atSecondStep('ada');
    await visitor.says({ code: visitor.code() });
    return visitor;
  }

  async function withoutPhone(): Promise<void> {
    const change: object = { $pull: { credentials: { kind: 'phone' } } };
    await createAccounts(house.connection).model.updateOne({ _id: 'id-ada' }, change);
  }

  const adaAtShop = async (): Promise<Visitor> => {
    clock.advance({ minutes: 1 });
    const visitor = house.visitor('ada');
    await visitor.opens(await house.shop.signIn({ acr_values: 'urn:doorstep:acr:mfa' }));
    await visitor.identifies();
    await visitor.says({ code: visitor.code() });
    return visitor;
  };

  it('may be skipped so often, is counted wherever it is, and then is a must', async () => {
    await wants(secondStep);
    const first = await cleo();
    expect(first.sees()).to.equal('sign-in/enrol-intro');
    expect(first.reads())
      .to.contain('More information required')
      .and.contain('Skip for now (2 left)');
    await first.presses('skip');
    const claims = await house.shop.claims(first.landed());
    expect(claims.acr).to.equal('urn:doorstep:acr:pwd');
    const [second, third] = [await cleo(), await cleo()];
    expect(second.reads()).to.contain('Skip for now (1 left)');
    await second.presses('skip');
    second.landed();
    await third.presses('skip');
    expect(third.sees(), 'skipped in another browser meanwhile').to.equal('sign-in/enrol-intro');
    expect(third.reads()).not.to.contain('Skip');
    await third.post(`${third.at().pathname}/skip`, new URLSearchParams());
    expect((await cleo()).sees()).to.equal('sign-in/enrol-intro');
    const since = new Date(0);
    const told = { account: 'id-cleo', name: 'registration.skipped', since };
    expect(await toldOf(house, told)).to.equal(2);
  });

  it('is skipped no oftener by many at one moment, in two apps at once', async () => {
    await wants(secondStep);
    const all = await Promise.all(Array.from({ length: 6 }, cleo));
    await Promise.all(all.map((one) => one.presses('skip')));
    const skipped = all.filter((one) => one.sees() !== 'sign-in/enrol-intro');
    expect(skipped).to.have.length.within(1, 2);
    const stored = await createAccounts(house.connection).findById('id-cleo');
    const times = skippedIn(stored ?? expect.fail(), 'second-step')?.times;
    expect(times).to.equal(skipped.length);
  });

  it('is skipped and confirmed also where what was said before is damaged (R-43)', async () => {
    await wants({ ...secondStep, confirm: { for: true, afterDays: 1 } });
    const { model } = createAccounts(house.connection);
    const poisons = [
      'x',
      7,
      [],
      null,
      { skipped: 'x' },
      { skipped: { 'second-step': { times: 'x' } } },
    ];
    for (const registration of poisons) {
      await model.updateMany({}, { $set: { registration } });
      const visitor = await cleo();
      await visitor.presses('skip');
      visitor.landed();
      clock.advance({ days: 3650 });
      const other = await adaAtShop();
      expect(other.sees()).to.equal('sign-in/confirm-methods');
      await other.presses('confirm');
      other.landed();
    }
  });

  it('may be skipped no more once its days are over', async () => {
    await wants(secondStep);
    await (await cleo()).presses('skip');
    clock.advance({ days: 14 });
    expect((await cleo()).reads()).not.to.contain('Skip');
  });

  it('leads through the wizard, and gives no token before it is complete', async () => {
    await wants({ secondStep: { ...secondStep.secondStep, skips: 0 } });
    const visitor = await cleo();
    await visitor.says({});
    expect(visitor.reads()).to.contain('Keep your account secure');
    await visitor.says({ method: 'code' });
    const seed = visitor.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await visitor.presses('another-way');
    expect(visitor.sees()).to.equal('sign-in/enrol');
    await visitor.says({ method: 'code' });
    const newest = visitor.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    expect(newest).not.to.equal(seed);
    await visitor.says({ code: appCode(newest) });
    expect(visitor.sees()).to.equal('adding/recovery-codes');
    await visitor.presses('saved');
    const claims = await house.shop.claims(visitor.landed());
    expect(claims.acr, 'what was just set up counts').to.equal('urn:doorstep:acr:mfa');
  });

  it('asks for what a reset takes, as often as it is skipped, and says what there is now', async () => {
    await wants({ reset: { for: true, methods: 2 } });
    await withoutPhone();
    const skipping = await adaAtShop();
    expect(skipping.reads()).to.contain('if you forget your password');
    await skipping.presses('skip');
    skipping.landed();

    const visitor = await adaAtShop();
    await visitor.says({});
    await visitor.says({ method: 'security-questions' });
    await visitor.says(answered);
    expect(visitor.sees(), visitor.reads()).to.equal('sign-in/registered');
    expect(visitor.reads()).to.contain('Success').and.contain('Security questions');
    await visitor.reloads();
    await visitor.presses('saved');
    visitor.landed();
    (await adaAtShop()).landed();
  });

  it('recommends a method, leaves in peace for the days of its snooze, and then insists', async () => {
    await wants(campaign, 'everyone');
    await withoutPhone();
    const visitor = await ada();
    expect(visitor.reads()).to.contain('Set up one more method').and.contain('Text message');
    expect(visitor.reads()).to.contain('Skip for now (1 left)');
    await visitor.presses('skip');
    visitor.landed();
    clock.advance({ hours: 23 });
    (await ada()).landed();
    clock.advance({ hours: 1 });
    const again = await ada();
    expect(again.sees()).to.equal('sign-in/enrol-intro');
    expect(again.reads()).not.to.contain('Skip');
  });

  it('has people look at their methods after so many days', async () => {
    await wants({ confirm: { for: true, afterDays: 180 } }, 'everyone');
    (await ada()).landed();
    clock.advance({ days: 3650 });
    const later = await ada();
    expect(later.sees()).to.equal('sign-in/confirm-methods');
    expect(later.reads()).to.contain('Authenticator app').and.contain('+');
    await later.presses('skip');
    later.landed();
    const again = await ada();
    await again.presses('confirm');
    again.landed();
    clock.advance({ days: 179, hours: 23 });
    (await ada()).landed();
    clock.advance({ hours: 1 });
    expect((await ada()).sees()).to.equal('sign-in/confirm-methods');
  });
});
