/**
 * What keeps a phone from being asked until its owner gives in (S-095, S-096), and what
 * follows when they say that it was not them.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { numberOn } from '../support/paired-people.ts';
import { openPostBox } from '../support/mail-server.ts';
import { people } from '../support/people.ts';
import { dansPhone, type Phone } from '../support/phone.ts';
import { rememberRecords } from '../support/records.ts';

describe('A phone in peace', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let phone: Phone;
  let moveBack: () => Promise<void>;
  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
      organisation: { alertsTo: 'security@example.org' },
    });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await house.close();
    await post.close();
  });
  beforeEach(async () => {
    clock.advance({ days: 3 });
    await moveBack();
    phone = await dansPhone(house.issuer);
    post.mails.length = 0;
  });

  const dan = async () => createAccounts(house.connection).findById('id-dan');
  /** What the audit holds of this name, of the last hour. */
  async function audited(name: string): Promise<AuditEvent[]> {
    const found: AuditEvent[] = [];
    const since = Date.now() - 3_600_000;
    for await (const { events } of createAuditRecords(house.connection).inOrder()) {
      found.push(...events.filter((event) => event.name === name && event.at.getTime() > since));
    }
    return found;
  }

  it('is not offered for half an hour after three that nobody answered, and says so by mail', async () => {
    for (let request = 0; request < 3; request += 1) {
      const one = await house.atSecondStep('dan');
      expect(one.sees()).to.equal('methods/approve/answer');
      clock.advance({ seconds: 121 });
    }
    const other = await house.atSecondStep('dan');
    expect(other.sees(), 'the app’s code is next').to.equal('methods/code/answer');
    await other.presses('restart');
    await other.says({ identifier: 'dan' });
    await other.says({ password: 'dan paints old harbours' });
    expect(other.html().toString()).not.to.contain('Approve a request');
    await house.settles();
    await house.settles();
    expect(post.subjectsTo(people.dan.email).join()).to.contain('Many requests to your phone');

    clock.advance({ minutes: 25 });
    expect((await house.atSecondStep('dan')).sees()).to.equal('methods/code/answer');
    clock.advance({ minutes: 6 });
    expect((await house.atSecondStep('dan')).sees()).to.equal('methods/approve/answer');
  });

  it('does not count what was approved', async () => {
    for (let round = 0; round < 6; round += 1) {
      const one = await house.atSecondStep('dan');
      expect(one.sees()).to.equal('methods/approve/answer');
      await phone.approves(numberOn(one));
      await one.presses('continue');
    }
  });

  it('does not count what was answered by its code, on the same page', async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = await house.atSecondStep('dan');
      expect(one.sees(), `round ${round}`).to.equal('methods/approve/answer');
      if (round === 0) await one.presses('instead', { code: '000000' });
      await (round === 0
        ? one.says({ code: phone.code() })
        : one.presses('instead', { code: phone.code() }));
      one.landed();
      clock.advance({ seconds: 61 });
    }
    await house.settles();
    expect(post.subjectsTo(people.dan.email).join()).not.to.contain('Many requests');
  });

  it('is listed while it is left in peace, with the reason, and its codes by their name', async () => {
    await house.atSecondStep('dan');
    await phone.denies();
    const next = await house.atSecondStep('dan');
    expect(next.reads()).to.contain('Open the approval app on');
    await next.presses('another-way');
    expect(next.reads()).to.contain(
      'After “No, it’s not me”, nothing is sent to your phone for 30 min',
    );
    expect(next.reads()).to.contain('Use a code from the approval app');
    expect(next.html().querySelector('input[name="method"][value="approve"]')).to.equal(null);
  });

  it('ends everything that waits for it with “No, it’s not me” (S-096)', async () => {
    const [here, there] = [await house.atSecondStep('dan'), await house.atSecondStep('dan')];
    const number = numberOn(there);
    const [first, second] = await phone.hears();
    if (!first || !second) throw new Error('two were asked');
    const said = await phone.says('answer', phone.answer(first, { decision: 'deny' }));
    expect(said.body).to.deep.equal({ outcome: 'denied' });
    expect((await phone.says('answer', phone.answer(second, { number }))).status).to.equal(410);

    for (const visitor of [here, there]) {
      await visitor.presses('continue');
      expect(visitor.sees()).to.equal('sign-in/denied');
      await visitor.presses('cancel');
      expect(visitor.landed().searchParams.get('error')).to.equal('access_denied');
    }
  });

  it('has the password changed after that, leaves the phone alone, and tells everybody', async () => {
    await house.atSecondStep('dan');
    await phone.denies();
    expect((await dan())?.passwordChangeDueAt).to.be.instanceOf(Date);
    const next = await house.atSecondStep('dan');
    expect(next.sees()).to.equal('methods/code/answer');
    await next.says({ code: phone.code() });
    expect(next.sees()).to.equal('sign-in/new-password');
    await house.settles();
    await house.settles();
    expect(post.subjectsTo(people.dan.email).join()).to.contain('refused on your phone');
    expect(post.subjectsTo('security@example.org')).to.deep.equal([
      'Doorstep: dan refused a sign-in',
    ]);
  });

  it('leaves the phone alone after a no that ends a day of requests (S-095, S-096)', async () => {
    const MINUTES_APART = 15;
    for (let request = 0; request < 9; request += 1) {
      const one = await house.atSecondStep('dan');
      expect(one.sees(), `request ${request}`).to.equal('methods/approve/answer');
      await one.presses('cancel');
      clock.advance({ minutes: MINUTES_APART });
    }
    // The tenth and last of the day, a minute before the first is a day old.
    clock.advance({ minutes: 24 * 60 - 9 * MINUTES_APART - 1 });
    await house.atSecondStep('dan');
    await phone.wakes();
    await phone.denies();
    clock.advance({ seconds: 90 });
    expect((await house.atSecondStep('dan')).sees()).to.equal('methods/code/answer');
  });

  it('leaves a trace of each request, also of one that was given up at once', async () => {
    const one = await house.atSecondStep('dan');
    await one.presses('restart');
    await house.settles();
    const [told, ...others] = await audited('approval.requested');
    expect(told).to.include({ by: 'stranger', account: 'id-dan' });
    expect(told?.from?.address).to.equal('127.0.0.1');
    expect(others).to.deep.equal([]);
  });

  for (const act of ['restart', 'cancel', 'another-way']) {
    it(`hears a no to what was just given up: ${act} (S-096)`, async () => {
      const one = await house.atSecondStep('dan');
      const [asked] = await phone.hears();
      if (!asked) throw new Error('nothing was asked');
      const approval = phone.answer(asked, { number: numberOn(one) });
      await one.presses(act);
      const no = phone.answer(asked, { decision: 'deny' });
      expect((await phone.says('answer', approval)).status).to.equal(410);
      expect((await phone.says('answer', no)).body).to.deep.equal({ outcome: 'denied' });
      expect((await dan())?.passwordChangeDueAt).to.be.instanceOf(Date);
      expect((await house.atSecondStep('dan')).sees()).to.equal('methods/code/answer');
      clock.advance({ seconds: 121 });
      expect((await phone.says('answer', no)).status).to.equal(410);
    });
  }

  it('hears a no to what was approved by mistake, while it would have been open (S-096)', async () => {
    const one = await house.atSecondStep('dan');
    const [asked] = await phone.hears();
    if (!asked) throw new Error('nothing was asked');
    await phone.approves(numberOn(one));
    const no = phone.answer(asked, { decision: 'deny' });
    expect((await phone.says('answer', no)).body).to.deep.equal({ outcome: 'denied' });
    await one.presses('continue');
    expect(one.sees(), 'what was proved before the no counts no more').not.to.match(/remember/);
    expect((await dan())?.passwordChangeDueAt).to.be.instanceOf(Date);
  });

  it('takes a refusal in its number field for nothing else', async () => {
    const one = await house.atSecondStep('dan');
    const [asked] = await phone.hears();
    if (!asked) throw new Error('nothing was asked');
    const body = phone.answer(asked, { decision: 'deny', number: numberOn(one) });
    expect((await phone.says('answer', body)).status).to.equal(400);
    expect((await phone.approves(numberOn(one))).body.outcome).to.equal('approved');
  });

  it('hears a no although somebody has guessed at codes until nobody may (S-096, D-8)', async () => {
    await house.atSecondStep('dan');
    const times = Array.from({ length: 10 }, () => new Date());
    await house.connection
      .collection<{ _id: string }>('accounts')
      .updateOne(
        { _id: 'id-dan' },
        { $set: { 'attempts.tallies.second-factor': { times, streak: 10 } } },
      );
    expect((await phone.denies()).body).to.deep.equal({ outcome: 'denied' });
    expect((await dan())?.passwordChangeDueAt).to.be.instanceOf(Date);
  });

  it('tells of a no where the password had to be changed already, too (S-096, R-51)', async () => {
    await house.atSecondStep('dan');
    await administrationOf(house).passwords.requireChange('dan');
    await phone.denies();
    expect((await house.atSecondStep('dan')).sees()).to.equal('methods/code/answer');
    await house.settles();
    await house.settles();
    expect(post.subjectsTo('security@example.org')).to.have.length(1);
  });

  it('hears the same no again where the first was lost on its way, with one effect (R-51)', async () => {
    await house.atSecondStep('dan');
    const [asked] = await phone.hears();
    if (!asked) throw new Error('nothing was asked');
    // As a crash leaves it: the attempt is spent, and nothing else has happened.
    const spent = { $inc: { 'challenge.attemptsLeft': -1, version: 1 } };
    const flows = house.connection.collection('flows');
    await flows.updateOne({ 'challenge.id': asked.challenge }, spent);
    const body = phone.answer(asked, { decision: 'deny' });
    const all = await Promise.all([1, 2, 3].map(() => phone.says('answer', body)));
    expect(all.map(({ status }) => status)).to.include(200);
    expect((await dan())?.passwordChangeDueAt).to.be.instanceOf(Date);
    await house.settles();
    await house.settles();
    expect(post.subjectsTo('security@example.org')).to.have.length(1);
    expect(await audited('approval.denied')).to.have.length(1);
    expect((await phone.says('answer', body)).status).to.equal(410);
  });
});
