import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';

const BOB = '+14255550134';

describe('Signing in with a text', () => {
  let house: House;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  beforeEach(() => {
    clock.advance({ days: 2 });
    house.carrier.texts.length = 0;
    house.carrier.answers(202);
  });

  it('texts a code that the page never shows, and takes it', async () => {
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/text/answer');
    expect(bob.reads()).to.contain('+1 ••• 34');
    const code = house.carrier.lastCode(BOB);
    expect(bob.html().toString()).not.to.contain(code);
    await bob.says({ code });
    const claims = await house.shop.claims(bob.landed());
    expect(claims.amr).to.have.members(['pwd', 'sms', 'mfa']);
  });

  it('names the app and the purpose and ends in the line that binds the code to this place (S-077)', async () => {
    await house.atSecondStep('bob');
    const [sent] = house.carrier.texts;
    expect(sent?.to).to.equal(BOB);
    expect(sent?.purpose).to.equal('sign-in');
    expect(sent?.text).to.contain('The Shop');
    expect(sent?.text).not.to.match(/https?:/);
    const lastLine = sent?.text.split('\n').at(-1);
    expect(lastLine).to.match(/^@localhost #\d{6}$/);
  });

  it('sends nothing again when the page is reloaded', async () => {
    const bob = await house.atSecondStep('bob');
    await bob.reloads();
    await bob.reloads();
    expect(house.carrier.texts).to.have.length(1);
  });

  it('stays on the page when a new code is asked for too soon, and says how long', async () => {
    const bob = await house.atSecondStep('bob');
    const code = house.carrier.lastCode(BOB);
    clock.advance({ seconds: 5 });
    await bob.presses('again');
    expect([bob.status(), bob.sees()]).to.deep.equal([200, 'methods/text/answer']);
    expect(bob.reads()).to.contain('You can ask again in 55 seconds.');
    expect(house.carrier.texts).to.have.length(1);
    await bob.says({ code });
    bob.landed();
  });

  it('says how long before the third one too, which is judged by nobody', async () => {
    const bob = await house.atSecondStep('bob');
    for (const count of [2, 3]) {
      clock.advance({ seconds: 60 });
      await bob.reloads();
      await bob.presses('again');
      expect(house.carrier.texts).to.have.length(count);
    }
    expect(bob.reads()).to.contain('You can ask again in 60 seconds.');
    await bob.presses('again');
    expect([bob.status(), bob.sees()]).to.deep.equal([200, 'methods/text/answer']);
  });

  it('sends a new code on request, after the wait, and the old one is dead (S-072)', async () => {
    const bob = await house.atSecondStep('bob');
    const old = house.carrier.lastCode(BOB);
    await bob.says({ code: wrong(old) });
    clock.advance({ seconds: 60 });
    await bob.reloads();
    await bob.presses('again');
    expect(house.carrier.texts).to.have.length(2);
    expect(bob.sees()).to.equal('methods/text/answer');

    await bob.says({ code: old });
    expect(bob.reads(), 'the tries of the first code stay used').to.contain('3 tries left');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    bob.landed();
  });

  it('keeps the budget of a number over parallel sign-ins, and says how long to wait (S-073)', async () => {
    await house.atSecondStep('bob');
    const second = await house.atSecondStep('bob');
    expect(second.status()).to.equal(429);
    expect(Number(second.headers().get('retry-after'))).to.be.within(50, 60);
    expect(house.carrier.texts).to.have.length(1);

    clock.advance({ seconds: 60 });
    await second.opens(second.html().querySelector('main a')?.getAttribute('href') ?? '');
    expect(second.sees()).to.equal('sign-in/begin');
    await second.says({});
    expect(second.sees()).to.equal('methods/text/answer');
    expect(house.carrier.texts).to.have.length(2);
  });

  it('is too late for a code after five minutes', async () => {
    const bob = await house.atSecondStep('bob');
    const code = house.carrier.lastCode(BOB);
    clock.advance({ seconds: 300 });
    await bob.says({ code });
    expect(bob.sees()).to.equal('methods/text/answer');
    expect(bob.html().querySelector('input[name="code"]')).to.equal(null);
    await bob.presses('again');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    bob.landed();
  });

  it('takes no code of another sign-in (S-071)', async () => {
    const first = await house.atSecondStep('bob');
    const code = house.carrier.lastCode(BOB);
    clock.advance({ seconds: 60 });
    const second = await house.atSecondStep('bob');
    await second.says({ code });
    expect(second.sees()).to.equal('methods/text/answer');
    await first.says({ code });
    first.landed();
  });
});

const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');
