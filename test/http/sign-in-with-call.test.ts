import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { administrationOf } from '../support/administration.ts';
import { flowOf, uidOf } from '../support/at-each-step.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import { prefers } from '../support/prefers.ts';
import { digitsOn, ends, presses, wrongDigits } from '../support/telephone.ts';

const BOB = people.bob.phone;
const on = { policy: { methods: { call: { signIn: true } } }, log: { level: 'info' } };

describeHouse('Signing in with a call', on, (house) => {
  beforeEach(() => house.carrier.answers(202));

  async function called() {
    await prefers(house, 'bob', { method: 'call', credential: 'phone' });
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/call/answer');
    return bob;
  }
  const call = () => house.carrier.callTo(BOB);

  it('signs in by the digits that the page shows', async () => {
    const bob = await called();
    expect(bob.reads()).to.contain('We’re calling your phone +1 ••• 34.');
    const { status, says } = await presses(call(), digitsOn(bob));
    expect({ status, says }).to.deep.equal({ status: 200, says: 'Thank you. Goodbye.' });
    await bob.presses('continue');
    const claims = await house.shop.claims(bob.landed());
    expect(claims.amr).to.have.members(['pwd', 'tel', 'mfa']);
    expect(claims.acr).to.equal('urn:doorstep:acr:mfa');
  });

  it('says which app asks and what to press, and nothing that a voicemail could give away (S-081)', async () => {
    const bob = await called();
    const { text, purpose, language, to, messageId, answerAt } = call();
    expect({ purpose, language, to }).to.deep.equal({
      purpose: 'sign-in',
      language: 'en',
      to: BOB,
    });
    expect(text).to.contain('The Shop').and.to.contain('press the 2 digits that your screen shows');
    expect(text.replace('the 2 digits', ''), 'no digit at all').not.to.match(/\d/);
    expect(digitsOn(bob)).to.match(/^[1-9]\d$/);
    expect([messageId, answerAt]).not.to.include(undefined);
    const [url] = String(answerAt).split('?');
    expect(url).to.match(new RegExp(`^${house.issuer}/callbacks/call/phone/[\\w-]{20,}$`));
  });

  it('is not answered by whoever picks up, or presses # alone (S-081)', async () => {
    const bob = await called();
    const before = await flowOf(house, bob);
    expect((await presses(call(), '')).says).to.equal('This call is over. Goodbye.');
    await bob.presses('continue');
    expect(bob.reads()).to.contain('The call ended before the digits were pressed.');
    expect(await flowOf(house, bob)).not.to.equal(before);
    expect((await presses(call(), '11')).says, 'and cannot be answered later').to.contain('over');
  });

  it('ends with one wrong number, and takes the right one no more', async () => {
    const bob = await called();
    const right = digitsOn(bob);
    expect((await presses(call(), wrongDigits(right))).says).to.contain('That was not right.');
    expect((await presses(call(), right)).says, 'the same words again').to.contain('not right');
    await bob.presses('continue');
    expect(bob.reads()).to.contain('Other digits were pressed, so that call is over.');
    expect(digitsOn(bob)).to.equal('');
  });

  it('calls again after the wait that is shown, and the old call stays dead', async () => {
    const bob = await called();
    const first = call();
    const old = digitsOn(bob);
    await bob.presses('again');
    expect(bob.reads()).to.contain('You can ask again in');
    expect(house.carrier.calls).to.have.length(1);
    clock.advance({ seconds: 60 });
    await bob.reloads();
    await bob.presses('again');
    expect(house.carrier.calls).to.have.length(2);
    expect((await presses(first, old)).says).to.contain('over');
    await presses(call(), digitsOn(bob));
    await bob.presses('continue');
    bob.landed();
  });

  it('hears the same answer twice and does it once (S-080, R-26)', async () => {
    const bob = await called();
    const digits = digitsOn(bob);
    const all = await Promise.all([1, 2, 3, 4, 5].map(() => presses(call(), digits)));
    expect(new Set(all.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect((await presses(call(), digits)).says).to.equal('Thank you. Goodbye.');
    await bob.presses('continue');
    bob.landed();
    expect((await presses(call(), digits)).says, 'also when all is done').to.contain('Thank you');
    expect((await presses(call(), wrongDigits(digits))).status).to.equal(200);
  });

  it('is over after five minutes', async () => {
    const bob = await called();
    const digits = digitsOn(bob);
    clock.advance({ seconds: 301 });
    expect((await presses(call(), digits)).says).to.equal('This call is over. Goodbye.');
    await bob.presses('continue');
    expect(bob.reads()).to.contain('Nobody answered the call in time.');
  });

  for (const [how, ended] of [
    ['hung up', 'hung-up'],
    ['not answered', 'unanswered'],
    ['busy', 'busy'],
    ['broken off', 'failed'],
  ] as const) {
    it(`says so when the call was ${how}, and counts it as no try`, async () => {
      const bob = await called();
      expect((await ends(call(), ended)).status).to.equal(200);
      await bob.presses('continue');
      expect(bob.reads()).to.contain('The call ended before the digits were pressed.');
      const { attempts } = (await createAccounts(house.connection).findByIdentifier('bob')) ?? {};
      expect(attempts?.tallies['second-factor']).to.equal(undefined);
    });
  }

  it('hears that it was hung up after the answer without undoing it', async () => {
    const bob = await called();
    await presses(call(), digitsOn(bob));
    expect((await ends(call())).says).to.equal('Thank you. Goodbye.');
    await bob.presses('continue');
    bob.landed();
  });

  it('means, when somebody presses 0, that the password is known', async () => {
    const bob = await called();
    expect((await presses(call(), '0')).says).to.contain('Thank you for telling us.');
    await bob.presses('continue');
    expect(bob.sees()).to.equal('sign-in/denied');
    const account = await createAccounts(house.connection).findByIdentifier('bob');
    expect(account?.passwordChangeDueAt).to.be.an.instanceOf(Date);
    clock.advance({ minutes: 1 });
    const next = await house.atSecondStep('bob');
    await next.presses('another-way');
    expect(next.reads(), 'and nobody is called for a while').to.contain('we call nobody for');
  });

  it('is answered by nobody but the provider', async () => {
    const bob = await called();
    const digits = digitsOn(bob);
    const forged = { secret: `whsec_${Buffer.alloc(32, 'x').toString('base64')}` };
    expect((await presses(call(), digits, forged)).status).to.equal(404);
    const late = { signedAt: new Date(Date.now() - 301_000) };
    expect((await presses(call(), digits, late)).status).to.equal(404);
    const elsewhere = { at: call().answerAt?.replace('locale=en', 'locale=de') ?? '' };
    expect((await presses(call(), digits, elsewhere)).status).to.equal(404);
    expect((await presses(call(), digits, { body: 'x'.repeat(17_000) })).status).to.equal(413);
    const logged = await house.logged();
    expect(logged).to.contain('"callback.refused"').and.not.to.contain(`"keys":"${digits}"`);
    const form = bob.formFor('form[action$="/again"]');
    const field = (name: string): string =>
      form.querySelector(`[name="${name}"]`)?.getAttribute('value') ?? '';
    const typed = { _csrf: field('_csrf'), challenge: field('challenge'), keys: digits };
    await bob.post(`/sign-in/${uidOf(bob)}/answer`, new URLSearchParams(typed));
    expect(bob.sees()).to.equal('methods/call/answer');
    await presses(call(), digits);
    await bob.presses('continue');
    bob.landed();
  });

  it('is over when they switch away, begin elsewhere or cancel', async () => {
    for (const act of ['another-way', 'restart', 'cancel']) {
      clock.advance({ days: 1 });
      const bob = await called();
      const digits = digitsOn(bob);
      await bob.presses(act);
      expect((await presses(call(), digits)).says, act).to.equal('This call is over. Goodbye.');
    }
  });

  it('lets nobody else in: not another tab, and not another account', async () => {
    const bob = await called();
    const other = await house.atSecondStep('ada');
    await presses(call(), digitsOn(bob));
    await other.reloads();
    expect(other.sees()).to.equal('methods/code/answer');
    const again = await house.atSecondStep('bob');
    expect(again.status(), 'his number was just called').to.equal(429);
  });

  it('is over once the phone is removed', async () => {
    const bob = await called();
    const digits = digitsOn(bob);
    await administrationOf(house).methods.remove('bob', { id: 'phone' });
    expect((await presses(call(), digits)).says).not.to.contain('Thank you');
    await bob.presses('continue');
    expect(bob.sees()).not.to.equal('status 302');
  });

  it('survives a restart in the midst of the call', async () => {
    const bob = await called();
    const digits = digitsOn(bob);
    await house.restart();
    expect((await presses(call(), digits)).says).to.contain('Thank you');
    await bob.presses('continue');
    bob.landed();
  });

  it('says that it could not call, and offers the other way', async () => {
    house.carrier.answers(503);
    const bob = await called();
    expect(bob.reads()).to.contain('We could not call your phone.');
    expect(digitsOn(bob)).to.equal('');
    await bob.presses('another-way');
    expect(bob.sees()).to.equal('sign-in/choose');
  });

  it('shares the budget of the number with texts (S-073)', async () => {
    const bob = await house.atSecondStep('bob');
    expect(bob.sees()).to.equal('methods/text/answer');
    clock.advance({ seconds: 20 });
    await bob.presses('another-way');
    expect(bob.reads()).to.contain('texted or called just now. You can ask again in 40 seconds.');
    const chosen = { method: 'call', credential: 'phone' };
    const token = bob.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';
    const page = bob.at().pathname;
    await bob.post(`${page}/choose`, new URLSearchParams({ _csrf: token, ...chosen }));
    expect(bob.status(), 'by hand').to.equal(429);
    expect(house.carrier.calls).to.have.length(0);
    clock.advance({ seconds: 40 });
    await bob.opens(page);
    await bob.says(chosen);
    expect(house.carrier.calls).to.have.length(1);
  });
});
