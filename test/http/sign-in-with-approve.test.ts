import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { numberOn } from '../support/paired-people.ts';
import { createPhone, dansPhone, type Phone } from '../support/phone.ts';
import { flowOf } from '../support/at-each-step.ts';

describe('Approving on the phone', () => {
  let house: House;
  let phone: Phone;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  beforeEach(async () => {
    clock.advance({ days: 2 });
    phone = await dansPhone(house.issuer);
  });

  const waiting = () => house.atSecondStep('dan');
  const asked = async () => {
    const [one] = await phone.hears();
    if (!one) throw new Error('the phone was not asked');
    return one;
  };

  it('signs in by the number that the page shows', async () => {
    const dan = await waiting();
    expect(dan.sees()).to.equal('methods/approve/answer');
    const said = await phone.approves(numberOn(dan));
    expect(said).to.deep.equal({ status: 200, body: { outcome: 'approved' } });
    await dan.presses('continue');
    const claims = await house.shop.claims(dan.landed());
    expect(claims.amr).to.have.members(['pwd', 'pop', 'mfa']);
    expect(claims.acr).to.equal('urn:doorstep:acr:mfa');
  });

  it('tells the phone who asks, and never the number (S-090, S-096)', async () => {
    const dan = await waiting();
    const one = await asked();
    expect(one).to.include({ account: 'dan', purpose: 'sign-in', client: 'The Shop', digits: 2 });
    expect(one).to.include({ address: '127.0.0.1' });
    expect(one.secondsLeft).to.be.within(110, 120);
    const { number: _, ...told } = { number: '', ...one };
    const values = Object.entries(told).filter(
      ([name]) => !['digits', 'secondsLeft'].includes(name),
    );
    expect(values.map(([, value]) => value)).not.to.include(numberOn(dan));
  });

  it('works after a reload, after a restart and on a page without script', async () => {
    const dan = await waiting();
    const number = numberOn(dan);
    await house.restart();
    await dan.reloads();
    expect(numberOn(dan)).to.equal(number);
    await phone.wakes();
    await phone.approves(number);
    await dan.presses('continue');
    dan.landed();
  });

  it('ends a request by one wrong number, and takes the right one no more (S-091, S-097)', async () => {
    const dan = await waiting();
    const one = await asked();
    const right = numberOn(dan);
    const wrong = right === '00' ? '11' : '00';
    const said = await phone.says('answer', phone.answer(one, { number: wrong }));
    expect(said.body.outcome).to.equal('wrong-number');
    expect((await phone.says('answer', phone.answer(one, { number: right }))).status).to.equal(410);
    await dan.presses('continue');
    expect(dan.sees()).to.equal('methods/approve/answer');
    expect(dan.reads()).to.contain('A wrong number was typed');
    expect(numberOn(dan)).to.equal('');
  });

  it('sends a new request with another number after that, and the old one stays dead', async () => {
    const dan = await waiting();
    const old = await asked();
    const wrong = numberOn(dan) === '00' ? '11' : '00';
    await phone.says('answer', phone.answer(old, { number: wrong }));
    await dan.reloads();
    await dan.presses('again');
    const [now, ...others] = await phone.hears();
    expect(others).to.have.length(0);
    expect(now?.challenge).not.to.equal(old.challenge);
    const number = numberOn(dan);
    expect((await phone.says('answer', phone.answer(old, { number }))).status).to.equal(410);
    expect((await phone.approves(number)).body.outcome).to.equal('approved');
  });

  it('refuses an approval without a number, and the request stays open (S-091)', async () => {
    const dan = await waiting();
    const one = await asked();
    for (const number of ['', '1', '123', 'ab', '٤٧', ' 12']) {
      const { status } = await phone.says('answer', phone.answer(one, { number }));
      expect(status, number).to.equal(400);
    }
    expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
  });

  it('is too late after two minutes, and nothing happens then (S-094)', async () => {
    const dan = await waiting();
    const one = await asked();
    clock.advance({ seconds: 121 });
    const before = await flowOf(house, dan);
    const said = await phone.says('answer', phone.answer(one, { number: numberOn(dan) }));
    expect(said).to.deep.include({ status: 410 });
    expect(said.body.error).to.equal('request-over');
    expect(await flowOf(house, dan)).to.equal(before);
    expect(await phone.hears()).to.have.length(0);
    await dan.presses('continue');
    expect(dan.reads()).to.contain('Nobody answered on the phone in time');
  });

  it('takes the same answer again without a second effect (R-26)', async () => {
    const dan = await waiting();
    const body = phone.answer(await asked(), { number: numberOn(dan) });
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => phone.says('answer', body)));
    expect(all.filter(({ status }) => status === 200)).to.not.have.length(0);
    expect((await phone.says('answer', body)).body).to.deep.equal({ outcome: 'approved' });
    const { proofs } = JSON.parse(await flowOf(house, dan)) as { proofs: unknown[] };
    expect(proofs).to.have.length(2);
  });

  it('refuses a counter that it has seen, with a signature that is right (S-093)', async () => {
    const first = await waiting();
    const body = phone.answer(await asked(), { number: numberOn(first) });
    await phone.says('answer', body);
    const second = await waiting();
    const one = await asked();
    const { counter = '' } = body;
    const number = numberOn(second);
    const lines = ['doorstep/answer', one.challenge, one.nonce, 'approve', number, counter];
    const replayed = { ...body, challenge: one.challenge, number };
    const said = await phone.says('answer', { ...replayed, signature: phone.signed(...lines) });
    expect(said.body.outcome).to.equal('refused');
    await second.presses('continue');
    expect(second.sees()).to.equal('methods/approve/answer');
  });

  it('takes no answer with a byte changed, or signed by another key (S-093, C-44)', async () => {
    const other = createPhone(house.issuer);
    for (const spoil of [
      (body: Record<string, string>) => ({ ...body, signature: flipped(body.signature ?? '') }),
      (body: Record<string, string>) => ({ ...body, counter: `${body.counter}1` }),
      (body: Record<string, string>) => ({
        ...body,
        signature: other.signed('doorstep/answer', body.challenge ?? '', '', 'approve', '', ''),
      }),
    ]) {
      const dan = await waiting();
      const body = phone.answer(await asked(), { number: numberOn(dan) });
      const said = await phone.says('answer', spoil({ ...body }));
      expect(said.body.outcome).not.to.equal('approved');
      await dan.presses('continue');
      expect(dan.sees()).to.equal('methods/approve/answer');
      clock.advance({ days: 1 });
      await phone.wakes();
    }
  });

  it('shows two parallel sign-ins different numbers, and one never approves the other (S-092)', async () => {
    const [here, there] = [await waiting(), await waiting()];
    expect(numberOn(here)).not.to.equal(numberOn(there));
    const both = await phone.hears();
    expect(both).to.have.length(2);
    const [first] = both;
    if (!first) throw new Error('nothing was asked');
    const isHere = (await flowOf(house, here)).includes(first.challenge);
    const [its, others] = isHere ? [here, there] : [there, here];
    const said = await phone.says('answer', phone.answer(first, { number: numberOn(others) }));
    expect(said.body.outcome).to.equal('wrong-number');
    await others.presses('continue');
    expect(others.sees(), 'it still waits').to.equal('methods/approve/answer');
    expect(numberOn(others)).not.to.equal('');
    await its.presses('continue');
    expect(its.sees()).to.equal('methods/approve/answer');
  });

  it('is over once another way was chosen, the sign-in given up, or begun again (S-094, S-023)', async () => {
    for (const act of ['another-way', 'cancel', 'restart']) {
      const dan = await waiting();
      const one = await asked();
      const number = numberOn(dan);
      await dan.presses(act);
      const { status } = await phone.says('answer', phone.answer(one, { number }));
      expect(status, act).to.equal(410);
      clock.advance({ days: 1 });
      await phone.wakes();
    }
  });

  it('takes the code that the phone shows on the same page', async () => {
    const dan = await waiting();
    const one = await asked();
    await dan.presses('instead', { code: phone.code() });
    dan.landed();
    const said = await phone.says('answer', phone.answer(one, { number: '12' }));
    expect(said.status).to.equal(410);
    expect((await house.shop.claims(dan.landed())).amr).to.have.members(['pwd', 'otp', 'mfa']);
  });

  it('asks for the code alone after a wrong one, with its tries counted', async () => {
    const dan = await waiting();
    await dan.presses('instead', { code: phone.code() === '000000' ? '111111' : '000000' });
    expect(dan.sees()).to.equal('methods/code/answer');
    expect(dan.reads()).to.contain('Wrong code. 4 tries left.');
  });

  it('knows no phone that was removed or whose owner was disabled (S-094, S-147)', async () => {
    const accounts = createAccounts(house.connection);
    const account = await accounts.findById('id-dan');
    const dan = await waiting();
    const body = phone.answer(await asked(), { number: numberOn(dan) });
    await house.disable('dan', true);
    expect((await phone.says('answer', body)).status).to.equal(401);
    await house.disable('dan', false);
    await accounts.model.updateOne({ _id: 'id-dan' }, { $pull: { credentials: { id: 'app' } } });
    expect((await phone.says('answer', body)).status).to.equal(401);
    expect((await phone.wakes()).status).to.equal(410);
    await accounts.model.updateOne(
      { _id: 'id-dan' },
      { $set: { credentials: account?.credentials } },
    );
    await dan.presses('continue');
    expect(dan.sees()).to.equal('methods/approve/answer');
  });

  it('is worth nothing once the person was signed out everywhere (S-094)', async () => {
    const accounts = createAccounts(house.connection);
    const dan = await waiting();
    const body = phone.answer(await asked(), { number: numberOn(dan) });
    clock.advance({ seconds: 1 });
    await accounts.model.updateOne({ _id: 'id-dan' }, { $set: { signedOutAt: new Date() } });
    expect((await phone.says('answer', body)).status).to.equal(410);
  });

  it('is asked by people whose phone is somebody else’s in vain (S-093)', async () => {
    const dan = await waiting();
    const one = await asked();
    const stranger = createPhone(house.issuer);
    for (const device of [
      'id-dan.app',
      'id-ada.app',
      'id-dan.nothing',
      'nobody.app',
      '',
      '.',
      'x',
    ]) {
      expect((await stranger.wakes(device)).status, device).to.equal(410);
    }
    const forged = { ...stranger.answer(one, { number: numberOn(dan) }), ticket: 'x' };
    expect((await stranger.says('answer', forged)).status).to.equal(401);
    expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
  });

  it('knows a phone by its signature under a number of ours, for a minute (S-093)', async () => {
    const { nonce = '' } = (await phone.says('nonce', {})).body;
    const statusFor = async (said: string): Promise<number> => {
      const signature = phone.signed('doorstep/hello', phone.device(), said);
      return (await phone.says('hello', { device: phone.device(), nonce: said, signature })).status;
    };
    expect(await statusFor(nonce)).to.equal(200);
    for (const other of ['', 'x', `${nonce}x`, phone.ticket()]) {
      expect(await statusFor(other), other).to.equal(410);
    }
    clock.advance({ minutes: 1 });
    expect(await statusFor(nonce), 'what somebody overheard').to.equal(410);
  });

  it('takes the ticket of a phone for ten minutes (S-093)', async () => {
    clock.advance({ minutes: 10 });
    const dan = await waiting();
    const ticket = phone.ticket();
    await phone.wakes();
    const body = phone.answer(await asked(), { number: numberOn(dan) });
    expect((await phone.says('answer', { ...body, ticket })).status).to.equal(401);
    expect((await phone.says('answer', body)).body.outcome).to.equal('approved');
  });

  it('asks for six digits where that is the profile (D-3)', async () => {
    const methods = { ...house.settings.methods, approve: { digits: 6, validForSeconds: 120 } };
    await house.restart({ methods });
    await phone.wakes();
    const dan = await waiting();
    expect(numberOn(dan)).to.match(/^\d{6}$/);
    expect((await asked()).digits).to.equal(6);
    expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
    await house.restart({ methods: house.settings.methods });
  });
});

const flipped = (signature: string): string =>
  (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1);
