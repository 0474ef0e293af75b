import { expect } from 'chai';

import { ada, here, openCounting } from './counting.ts';

const elsewhere = { network: 'elsewhere', browser: 'other' };
const her = { id: 'ada', username: 'ada' };
const nobody = { username: 'ned' };

describe('A try at a password that is taken back', () => {
  it('leaves what others guessed meanwhile', async () => {
    const { guard, ofAccount, advance } = openCounting();
    const first = await guard.countPassword(her, elsewhere);
    advance(1);
    const right = await guard.countPassword(her, here);
    advance(1);
    const last = await guard.countPassword(her, elsewhere);
    const { times: [one, , other] = [] } = ofAccount().password ?? {};
    await right.takeBack();
    await Promise.all([first.wasWrong(), last.wasWrong()]);
    expect(ofAccount().password).to.deep.equal({ times: [one, other], streak: 2 });
  });

  it('takes nothing back of what was guessed after a finished sign-in cleared it', async () => {
    const { guard, ofAccount, advance, clear } = openCounting();
    await guard.countPassword(her, elsewhere);
    const right = await guard.countPassword(her, here);
    clear();
    advance(1);
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, elsewhere);
    const after = ofAccount();
    await right.takeBack();
    expect(ofAccount()).to.deep.equal(after);
  });

  it('takes nothing from counters that it never was in', async () => {
    const known = { networks: [here.network], browsers: [] };
    const { guard, ofAccount } = openCounting({ ...ada, known });
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, elsewhere);
    await guard.countPassword(her, here);
    const before = ofAccount();
    await (await guard.countPassword(her, here)).takeBack();
    expect(ofAccount().password).to.deep.equal(before.password);
    expect(ofAccount()['password@here']?.streak).to.equal(1);
  });

  it('is taken back of a name that nobody has, too, when nobody looked at it (S-007)', async () => {
    const { guard, ofStranger } = openCounting();
    await guard.countPassword(nobody, here);
    const busy = await guard.countPassword(nobody, here);
    expect(await busy.takeBack()).to.equal(undefined);
    expect(ofStranger('ned').password?.streak).to.equal(1);
  });
});
