/**
 * Told in a copy of the house that has the method `ring` besides: nothing else was changed there
 * but one line, words, pages and settings.
 */
import { createHmac } from 'node:crypto';

import { expect } from 'chai';

import { createAccounts } from '../../../src/models/account.ts';
import { clock } from '../../support/clock.ts';
import { describeHouse } from '../../support/describe-house.ts';
import { uidOf } from '../../support/at-each-step.ts';
import { people } from '../../support/people.ts';

describeHouse('A method of one more folder', { log: { level: 'info' } }, (house) => {
  /** The provider's own hand: it was told the address by the message. */
  async function presses(
    key: '1' | '9',
    number: string,
    more: { signature?: string; body?: string } = {},
  ) {
    const address = house.carrier.texts.findLast(({ to }) => to === number)?.text.trim() ?? '';
    const { body = JSON.stringify({ number, key }) } = more;
    const signed = createHmac('sha256', 'a secret of this test').update(`${address}\n${body}`);
    const { signature = signed.digest('base64url') } = more;
    const headers = { 'x-ring-signature': signature, 'content-type': 'application/json' };
    const provider = house.visitor();
    return (await provider.raw(address, { method: 'POST', headers, body })).status;
  }

  async function called() {
    const bob = await house.atSecondStep('bob');
    if (bob.sees() !== 'methods/ring/answer') {
      await bob.presses('another-way');
      await bob.says({ method: 'ring', credential: 'phone' });
    }
    expect(bob.sees()).to.equal('methods/ring/answer');
    return bob;
  }

  it('signs in, answered by a callback that the provider signed', async () => {
    const bob = await called();
    const { phone } = people.bob;
    expect(await presses('1', phone, { signature: 'forged' }), 'not the provider').to.equal(404);
    await bob.presses('continue');
    expect(bob.sees()).to.equal('methods/ring/answer');
    expect(await presses('1', phone)).to.equal(204);
    await bob.presses('continue');
    expect((await house.shop.claims(bob.landed())).amr).to.have.members(['pwd', 'tel', 'mfa']);
    expect(await presses('1', phone), 'it is over, and nothing to send again for').to.equal(204);
    expect(await house.logged()).to.contain('"callback.refused"');
  });

  it('is answered by nobody but the provider: not by a form, nor by what nobody can read', async () => {
    const bob = await called();
    const again = bob.formFor('form[action$="/again"]');
    const page = `/sign-in/${uidOf(bob)}`;
    const field = (name: string): string =>
      again.querySelector(`[name="${name}"]`)?.getAttribute('value') ?? '';
    const by = { number: people.bob.phone, key: '1' };
    const typed = { _csrf: field('_csrf'), challenge: field('challenge'), ...by };
    await bob.post(`${page}/answer`, new URLSearchParams(typed));
    expect(bob.sees()).to.equal('methods/ring/answer');
    expect(await presses('1', people.bob.phone, { body: 'not JSON' })).to.equal(404);
    expect(await presses('1', people.bob.phone), 'nothing of that spent it').to.equal(204);
    await bob.presses('continue');
    expect(bob.landed().searchParams.has('code')).to.equal(true);
  });

  it('means, when somebody says no, that the password is known', async () => {
    const bob = await called();
    expect(await presses('9', people.bob.phone)).to.equal(204);
    await bob.presses('continue');
    expect(bob.sees()).to.equal('sign-in/denied');
    const account = await createAccounts(house.connection).findByIdentifier('bob');
    expect(account?.passwordChangeDueAt).to.be.an.instanceOf(Date);
  });

  it('is set up at a sign-in, and counted like every request', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'text' });
    await cleo.says({ country: 'DE', number: '0151 23456789', method: 'ring' });
    expect(cleo.sees()).to.equal('methods/ring/add');
    expect(await presses('1', '+4915123456789')).to.equal(204);
    await cleo.presses('continue');
    expect(cleo.sees()).to.equal('adding/recovery-codes');
  });

  it('leaves people in peace who were called too often', async () => {
    const bob = await called();
    for (let calls = 0; calls < 2; calls += 1) {
      clock.advance({ seconds: 61 });
      await bob.presses('again');
    }
    clock.advance({ seconds: 61 });
    await bob.presses('again');
    expect(bob.status()).to.equal(429);
  });
});
