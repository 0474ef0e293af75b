/**
 * Security questions: set up and deleted in My account, for resets alone and never for whoever
 * administers (S-025, S-122, S-132).
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { begin, rowsOn, signedIn } from '../support/my-account.ts';
import { rememberRecords } from '../support/records.ts';
import { answered } from '../support/security-answers.ts';
import type { Visitor } from '../support/visitor.ts';

describeHouse('Security questions', {}, (house) => {
  let restore: () => Promise<void>;

  before(async () => {
    restore = await rememberRecords(house);
  });
  beforeEach(async () => {
    clock.advance({ days: 2 });
    await restore();
  });

  async function adding(): Promise<Visitor> {
    const ada = await signedIn(house, 'ada');
    await begin(ada, 'add');
    await ada.says({ method: 'security-questions' });
    expect(ada.sees(), ada.reads()).to.equal('methods/security-questions/add');
    return ada;
  }

  const held = async () =>
    (await createAccounts(house.connection).findById('id-ada'))?.credentials.filter(
      ({ kind }) => kind === 'security-questions',
    ) ?? [];

  it('are set up in one form, listed, told of, and nothing to sign in with', async () => {
    const ada = await adding();
    expect(ada.html().querySelectorAll('select')).to.have.lengthOf(5);
    expect(ada.reads()).to.contain('Nobody can read your answers');
    await ada.says(answered);
    expect(ada.sees(), ada.reads()).to.equal('security-info/added');
    expect(ada.reads()).to.contain('Your security questions are set up for password resets.');
    await ada.presses('done');
    expect(rowsOn(ada)).to.include('Security questions');
    expect(ada.reads()).to.contain('For password resets only');
    expect(await held()).to.have.lengthOf(1);

    const bob = house.visitor('ada');
    await bob.opens('/account');
    await bob.identifies();
    expect(bob.sees()).to.equal('methods/code/answer');
    await bob.presses('another-way');
    expect(bob.reads()).to.contain('Text').and.not.contain('questions');
  });

  it('say which of them will not do, and lose nothing that was typed', async () => {
    const ada = await adding();
    await ada.says({ ...answered, question3: 'first-dish' });
    expect(ada.reads()).to.contain('You have chosen this question already.');
    const wrong = ada
      .html()
      .querySelectorAll('[aria-invalid]')
      .map(({ id }) => id);
    expect(wrong).to.deep.equal(['question3']);
    const typed = ada
      .html()
      .querySelectorAll('input[type=text]')
      .map((one) => one.getAttribute('value'));
    expect(typed).to.deep.equal(['Pea soup', 'The Kinks', 'Babbage', 'Mr Bear', 'Help!']);
    const flows = await house.connection.collection('flows').find().toArray();
    expect(JSON.stringify(flows), 'kept sealed').not.to.contain('Kinks');
    await ada.says({ ...answered, answer2: 'Ada' });
    expect(ada.reads()).to.contain('This answer is your name or address');
    await ada.says({ ...answered, answer2: 'pea  SOUP' });
    expect(ada.reads()).to.contain('You have given this answer to another question already.');
    expect(await held()).to.have.lengthOf(0);
    await ada.says(answered);
    expect(ada.sees(), ada.reads()).to.equal('security-info/added');
  });

  it('are one set: two tabs make one, and there is no second', async () => {
    const ada = await adding();
    const form = ada.html().querySelector('form[data-step="add"]');
    if (!form) throw new Error(ada.reads());
    await Promise.all([ada.submit(form, answered), ada.submit(form, answered)]);
    expect(await held()).to.have.lengthOf(1);
    await ada.opens('/account');
    await begin(ada, 'add');
    expect(ada.html().querySelectorAll('input[value="security-questions"]')).to.deep.equal([]);
  });

  it('go with Delete and come back with Undo, but cannot be changed', async () => {
    const ada = await adding();
    await ada.says(answered);
    await ada.presses('done');
    const [{ id } = { id: '' }] = await held();
    const row = ada.html().querySelector(`.row[data-credential="${id}"]`);
    expect(row?.querySelectorAll('input[value="replace"]')).to.deep.equal([]);
    await begin(ada, 'remove', id);
    await ada.presses('remove');
    expect(await held()).to.have.lengthOf(0);
    await begin(ada, 'restore');
    expect(await held()).to.have.lengthOf(1);
  });

  it('are not for whoever administers, and as many as policy says', async () => {
    const { policy, roles } = administrationOf(house);
    await policy.set('methods.security-questions.register', 3, { reason: 'fewer' });
    clock.advance({ seconds: 6 });
    const ada = await adding();
    expect(ada.html().querySelectorAll('select')).to.have.lengthOf(3);
    await roles.change('ada', { add: ['doorstep:reader'] });
    await ada.says(answered);
    expect(ada.status()).to.equal(400);
    expect(await held()).to.have.lengthOf(0);
  });
});
