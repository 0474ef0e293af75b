import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { atPairing, numberOn, pairingCodeOn } from '../support/paired-people.ts';
import { createPhone } from '../support/phone.ts';

describeHouse('Pairing a phone', {}, (house) => {
  const kindsOf = async () => {
    const account = await createAccounts(house.connection).findById('id-cleo');
    return account?.credentials.map(({ kind }) => kind);
  };

  it('begins with a code, goes on with a first approval and ends signed in', async () => {
    const cleo = await atPairing(house);
    expect(cleo.sees()).to.equal('methods/approve/add');
    expect(pairingCodeOn(cleo)).to.match(/^[A-Z2-7]{26}$/);
    const phone = createPhone(house.issuer);
    expect((await phone.pairs(pairingCodeOn(cleo))).status).to.equal(200);
    expect(await kindsOf(), 'nothing counts yet').to.deep.equal(['password']);

    await cleo.presses('continue');
    expect(cleo.reads()).to.contain('Try it once');
    const [asked] = await phone.hears();
    expect(asked).to.include({ purpose: 'enrol', client: 'The Shop', account: 'cleo' });
    expect((await phone.approves(numberOn(cleo))).body.outcome).to.equal('approved');
    await cleo.presses('continue');
    expect(cleo.sees()).to.equal('adding/recovery-codes');
    expect(await kindsOf()).to.deep.equal(['password', 'app', 'recovery-codes']);
    await cleo.presses('saved');
    const claims = await house.shop.claims(cleo.landed());
    expect(claims.amr).to.have.members(['pwd', 'pop', 'mfa']);
    expect((await phone.wakes()).status).to.equal(200);
  });

  it('gives the phone codes of its own, too, and the name that its owner chose', async () => {
    const cleo = await atPairing(house);
    const phone = createPhone(house.issuer);
    await phone.pairs(pairingCodeOn(cleo), ' Cleo’s\u202e old\u001b phone ');
    await cleo.presses('continue');
    await phone.approves(numberOn(cleo));
    clock.advance({ minutes: 20 });
    const later = await house.atSecondStep('cleo');
    expect(later.sees()).to.equal('methods/approve/answer');
    expect(later.reads()).to.contain('on your phone (Cleo’s old phone) and type');
    await later.presses('instead', { code: phone.code() });
    later.landed();
  });

  it('takes a code once, typed in any way, and shows it again after a reload (S-098)', async () => {
    const cleo = await atPairing(house);
    const code = pairingCodeOn(cleo);
    await cleo.reloads();
    expect(pairingCodeOn(cleo)).to.equal(code);
    const phones = Array.from({ length: 20 }, () => createPhone(house.issuer));
    const all = await Promise.all(phones.map((phone) => phone.pairs(code)));
    expect(all.filter(({ status }) => status === 200)).to.have.length(1);
    expect(all.filter(({ status }) => status === 410)).to.have.length(19);
    expect((await createPhone(house.issuer).pairs(code)).status).to.equal(410);
  });

  it('tells the same phone again what it did not hear, and no other (R-51)', async () => {
    const cleo = await atPairing(house);
    const code = pairingCodeOn(cleo);
    const phone = createPhone(house.issuer);
    const first = await phone.pairs(code);
    const again = await phone.pairs(code);
    expect(again.status).to.equal(200);
    expect(again.body.device).to.equal(first.body.device);
    expect(again.body.seed).to.equal(first.body.seed);
    expect((await createPhone(house.issuer).pairs(code)).status).to.equal(410);
    await cleo.presses('continue');
    expect(pairingCodeOn(cleo), 'the page has gone on').to.equal('');
    expect((await phone.approves(numberOn(cleo))).body.outcome).to.equal('approved');
    expect((await phone.pairs(code)).status, 'it is no draft any more').to.equal(410);
  });

  it('takes no code that is late, given up, replaced or made up (S-098)', async () => {
    const late = await atPairing(house);
    const code = pairingCodeOn(late);
    clock.advance({ minutes: 10 });
    const phone = createPhone(house.issuer);
    const refusal = await phone.pairs(code);
    expect(refusal.status).to.equal(410);

    for (const act of ['another-way', 'cancel']) {
      clock.advance({ days: 1 });
      const cleo = await atPairing(house);
      const given = pairingCodeOn(cleo);
      await cleo.presses(act);
      expect((await phone.pairs(given)).body.error, act).to.equal('pairing-over');
    }
    clock.advance({ days: 1 });
    const cleo = await atPairing(house);
    const old = pairingCodeOn(cleo);
    await cleo.says({ method: 'approve' });
    await cleo.presses('add');
    expect(pairingCodeOn(cleo)).not.to.equal(old);
    for (const made of [old, 'A'.repeat(26), '', '%00', 'x'.repeat(60)]) {
      const said = await phone.pairs(made);
      expect(said.body.error, made).to.equal('pairing-over');
    }
    expect((await phone.pairs(pairingCodeOn(cleo))).status).to.equal(200);
  });

  it('takes no key that the phone does not prove to hold, and loses no code by it', async () => {
    const cleo = await atPairing(house);
    const code = pairingCodeOn(cleo);
    const [phone, other] = [createPhone(house.issuer), createPhone(house.issuer)];
    const signature = other.signed('doorstep/pair', code, phone.key);
    for (const bad of [
      { code, key: phone.key, signature },
      { code, key: phone.key, signature: '' },
      { code, key: 'AAAA', signature },
      { code, key: phone.key.slice(0, -2), signature },
    ]) {
      expect((await phone.says('pair', bad)).status).to.equal(410);
    }
    expect((await phone.pairs(code)).status).to.equal(200);
  });

  it('counts for nothing until the first approval, and a wrong number ends that one', async () => {
    const cleo = await atPairing(house);
    const phone = createPhone(house.issuer);
    await phone.pairs(pairingCodeOn(cleo));
    await cleo.presses('continue');
    expect((await phone.wakes()).status, 'no account knows it yet').to.equal(410);
    const wrong = numberOn(cleo) === '00' ? '11' : '00';
    expect((await phone.approves(wrong)).body.outcome).to.equal('wrong-number');
    await cleo.presses('continue');
    expect(await kindsOf()).to.deep.equal(['password']);
    await cleo.presses('again');
    expect((await phone.approves(numberOn(cleo))).body.outcome).to.equal('approved');
    expect(await kindsOf()).to.deep.equal(['password', 'app', 'recovery-codes']);
  });

  it('has no consequences when its first question is refused', async () => {
    const cleo = await atPairing(house);
    const phone = createPhone(house.issuer);
    await phone.pairs(pairingCodeOn(cleo));
    expect((await phone.denies()).body.outcome).to.equal('denied');
    await cleo.presses('continue');
    expect(cleo.sees()).to.equal('methods/approve/add');
    expect(cleo.reads()).to.contain('refused on the phone');
    const account = await createAccounts(house.connection).findById('id-cleo');
    expect(account?.passwordChangeDueAt).to.equal(undefined);
  });
});
