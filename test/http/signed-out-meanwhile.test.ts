/**
 * An administrator signs somebody out everywhere, or sets a new password, while a sign-in is
 * under way: what was proved before counts for nothing after (S-147).
 */
import { expect } from 'chai';

import { administrationOf } from '../support/administration.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { ways } from '../support/at-each-step.ts';

describe('Signed out meanwhile', () => {
  let house: House;
  beforeEach(async () => (house = await openHouse()));
  afterEach(() => house.close());

  it('lets nobody finish with a password that was given before', async () => {
    const ada = await ways.consent(house);
    await administrationOf(house).accounts.endSessions('ada');
    await ada.presses('consent');
    expect(ada.sees(), 'all of it is asked again').to.equal('sign-in/begin');
    expect(ada.reads())
      .to.match(/enter my password/i)
      .and.not.to.match(/two-step/i);
    await ada.says({});
    await ada.says({ password: people.ada.password });
    expect(ada.sees()).to.equal('methods/code/answer');
  });
});
