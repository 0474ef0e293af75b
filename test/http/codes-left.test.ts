import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { flowOf, ways } from '../support/at-each-step.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

describeHouse('Recovery codes that run out', {}, (house) => {
  const [first, second] = people.ada.recoveryCodes;

  async function withCode(code: string): Promise<Visitor> {
    const ada = await ways['answer, recovery-code'](house);
    await ada.says({ code });
    return ada;
  }

  const codesOn = (visitor: Visitor): string[] =>
    visitor
      .html()
      .querySelectorAll('.recovery-codes code')
      .map(({ text }) => text);

  async function digests(): Promise<readonly string[]> {
    const account = await createAccounts(house.connection).findById('id-ada');
    const data = account?.credentials.find(({ kind }) => kind === 'recovery-codes')?.data;
    return (data as { digests: string[] }).digests;
  }

  it('are counted on the page after one was used; new ones replace them, shown once', async () => {
    const ada = await withCode(first);
    expect(ada.sees()).to.equal('sign-in/codes-left');
    expect(ada.reads()).to.contain('You have 1 code left.');
    await ada.presses('make-codes');
    const codes = codesOn(ada);
    expect(codes).to.have.length(10);
    await ada.reloads();
    expect(codesOn(ada)).to.deep.equal(codes);
    await ada.presses('saved');
    const { amr } = await house.shop.claims(ada.landed());
    expect(amr).to.have.members(['pwd', 'otp', 'mfa']);
    expect(await digests()).to.have.length(10);

    const old = await withCode(second);
    expect(old.sees(), 'the old ones are void').to.equal('methods/recovery-code/answer');
    await old.says({ code: codes[0] ?? '' });
    expect(old.reads()).to.contain('You have 9 codes left.');
    expect(old.html().querySelector('form[action$="/make-codes"]')).to.equal(null);
  });

  it('say so when the last one is gone, and may wait', async () => {
    await (await withCode(first)).presses('noted');
    const ada = await withCode(second);
    expect(ada.reads()).to.contain('That was the last one.');
    await ada.presses('noted');
    ada.landed();
    expect(await digests()).to.have.length(0);
  });

  it('are made by one of two sign-ins, and the other says how many there are', async () => {
    const [one, other] = [await withCode(first), await withCode(second)];
    await Promise.all([one.presses('make-codes'), other.presses('make-codes')]);
    const made = [one, other].filter((each) => each.sees() === 'adding/recovery-codes');
    expect(made).to.have.length(1);
    const [loser] = [one, other].filter((each) => !made.includes(each));
    expect(loser?.sees()).to.equal('sign-in/codes-left');
    expect(loser?.reads()).to.contain('You have 10 codes left.');
    const kept = await digests();
    await loser?.post(`${loser.at().pathname}/make-codes`, tokenOf(loser));
    expect(loser?.reads(), 'an old page changes nothing').to.contain('You have 10 codes left.');
    expect(await digests()).to.deep.equal(kept);
  });

  it('are the same on both pages of a double click', async () => {
    const ada = await withCode(first);
    const form = ada.formFor('form[action$="/make-codes"]');
    await Promise.all([ada.submit(form, {}), ada.submit(form, {})]);
    await ada.reloads();
    if (ada.sees() === 'sign-in/codes-left') await ada.presses('make-codes');
    const [code = ''] = codesOn(ada);
    const next = await withCode(code);
    expect(next.reads()).to.contain('You have 9 codes left.');
  });

  it('are shown after a crash before the flow heard that they were stored', async () => {
    const ada = await withCode(first);
    const before = JSON.parse(await flowOf(house, ada)) as { facts: object; version: number };
    await ada.presses('make-codes');
    const codes = codesOn(ada);
    const { facts } = JSON.parse(await flowOf(house, ada)) as { facts: { newCodes: object } };
    const back = { ...before.facts, newCodes: facts.newCodes };
    for (const act of ['make-codes', 'noted']) {
      await house.connection
        .model('Flow')
        .updateOne({ _id: ada.at().pathname.split('/')[2] }, { $set: { facts: back } });
      await ada.reloads();
      expect(ada.sees()).to.equal('sign-in/codes-left');
      await ada.presses(act);
      expect(codesOn(ada), act).to.deep.equal(codes);
    }
  });

  it('are not made for an account that was disabled meanwhile', async () => {
    const ada = await withCode(first);
    const kept = await digests();
    await house.disable('ada', true);
    await ada.presses('make-codes');
    expect(await digests()).to.deep.equal(kept);
    await ada.presses('noted');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');
  });

  it('are told of in the audit', async () => {
    await (await withCode(first)).presses('make-codes');
    await house.settles();
    const { audit } = administrationOf(house);
    const told = await audit.list({ name: 'recovery-codes.made', most: 1 });
    expect(told.events.map(({ account }) => account)).to.deep.equal(['id-ada']);
  });
});

const tokenOf = (visitor: Visitor): URLSearchParams =>
  new URLSearchParams({
    _csrf: visitor.html().querySelector('[name=_csrf]')?.getAttribute('value') ?? '',
  });
