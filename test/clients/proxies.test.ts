/**
 * Proxies in front of two processes of the product, set up as docs/operating.md prints it, with
 * requests going to the two in turn. The app is openid-client.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import * as client from 'openid-client';

import { askBy } from '../support/ask-by.ts';
import { openBehind } from '../support/behind-proxy.ts';
import { type Customer, MFA, openBeside } from '../support/clients.ts';
import { keepAsking } from '../support/keep-asking.ts';
import { numberOn, pairingCodeOn } from '../support/paired-people.ts';
import { people } from '../support/people.ts';
import { createPhone } from '../support/phone.ts';
import { proxies, type ProxyName } from '../support/proxies.ts';
import { createVisitor } from '../support/visitor.ts';

/** Until every proxy has looked twice, or tries one again. */
const NOTICED_MS = 2_500;
const AT_ONCE_MS = 2_000;

for (const name of Object.keys(proxies) as ProxyName[]) {
  describe(`${name} ${proxies[name].program.version}`, () => {
    const desk = openBeside(
      () => openBehind(name),
      async ({ shop }) => ({
        origin: new URL(shop.redirectUri).origin,
        close: async () => undefined,
      }),
    );

    /** The shop's tokens, and what had to be proved for them. */
    async function signsIn({ page, answersAll }: Customer, wish = {}) {
      await page.goto((await desk.house.shop.signIn(wish)).href);
      const proved = await answersAll();
      return { proved, tokens: await desk.house.shop.welcome(new URL(page.url())) };
    }

    /** From where a wrong password came: the audit has it within two seconds. */
    async function failedFrom(): Promise<string> {
      for (;;) {
        const heard = await desk.house.doorstep(
          'audit',
          'list',
          '--event',
          'password.failed',
          '--json',
        );
        const [, address] = /"address":"([^"]+)"/.exec(heard) ?? [];
        if (address !== undefined) return address;
        await pause(250);
      }
    }

    it('signs in with a second step', async () => {
      const { proved, tokens } = await signsIn(await desk.ada(), { acr_values: MFA });
      expect(proved).to.deep.equal(['password', 'code']);
      expect(tokens.claims()).to.include({ acr: MFA });
    });

    it('steps up, refreshes (5 at once), signs out', async () => {
      const ada = await desk.ada();
      expect((await signsIn(ada)).proved).to.deep.equal(['password']);
      const { proved, tokens } = await signsIn(ada, { acr_values: MFA });
      expect(proved).to.deep.equal(['code']);

      const config = await desk.house.shop.configuration();
      const { refresh_token: token = '', id_token = '' } = tokens;
      const refreshed = await Promise.all(
        Array.from({ length: 5 }, () => client.refreshTokenGrant(config, token)),
      );
      expect(new Set(refreshed.map(({ refresh_token }) => refresh_token)).size).to.equal(1);

      const post_logout_redirect_uri = 'http://127.0.0.1:4999/shop/bye';
      const wish = { id_token_hint: id_token, post_logout_redirect_uri };
      await ada.page.goto(client.buildEndSessionUrl(config, wish).href);
      await ada.answersAll();
      expect(ada.page.url()).to.equal(post_logout_redirect_uri);
      expect((await signsIn(ada)).proved).to.deep.equal(['password']);
    });

    it('tells pages and phones at once', async () => {
      const { issuer, shop } = desk.house;
      const cleo = createVisitor(issuer, people.cleo);
      const phone = createPhone(issuer);
      await cleo.opens(await shop.signIn({ acr_values: MFA }));
      await cleo.identifies();
      await cleo.presses('enrol');
      await cleo.says({ method: 'approve' });

      const waits = cleo.formFor('form.waits').attributes;
      const hear = `${waits['data-at']}/hear?since=${waits['data-since']}`;
      const stream = await within(cleo.raw(hear));
      await phone.pairs(pairingCodeOn(cleo));
      expect(await within(stream.text())).to.contain('event: changed');

      await cleo.presses('continue');
      // This stream stays open.
      const [asked] = await within(phone.hears());
      expect(asked).to.include({ account: 'cleo' });
      if (asked) await phone.says('answer', phone.answer(asked, { number: numberOn(cleo) }));
      await cleo.presses('continue');
      await cleo.presses('saved');
      expect((await shop.claims(cleo.landed())).amr).to.include('pop');
    });

    it('says who comes, whatever they say', async () => {
      const cleo = createVisitor(desk.house.issuer, people.cleo, (input, init) =>
        askBy(new Request(input, init), { localAddress: '127.0.0.2' }),
      );
      cleo.comesFrom('203.0.113.9');
      await cleo.opens(await desk.house.shop.signIn());
      await cleo.identifies('a wrong password');
      expect(await failedFrom()).to.equal('127.0.0.2');
    });

    it('lets a long state through, asked for silently or not', async () => {
      const { issuer, shop } = desk.house;
      const state = 'x'.repeat(6_000);
      for (const method of ['GET', 'POST']) {
        const url = await shop.signIn({ state, prompt: 'none' });
        const visitor = createVisitor(issuer);
        await (method === 'GET' ? visitor.opens(url) : visitor.post('/auth', url.searchParams));
        expect(visitor.landed().searchParams.get('state'), method).to.equal(state);
      }
    });

    it('brings requests to both', async () => {
      for (const statuses of await desk.house.asked()) {
        expect(statuses).to.have.length.above(3);
        expect(statuses.filter((status) => status.startsWith('5'))).to.deep.equal([]);
      }
    });

    const { isProbing } = proxies[name];
    it(`loses ${isProbing ? 'nothing' : 'no GET'} when a process stops`, async () => {
      const { issuer, stopSecond } = desk.house;
      const answers = await keepAsking(issuer, isProbing ? ['GET', 'POST'] : ['GET'], stopSecond);
      expect(answers).to.have.all.keys('GET 200', ...(isProbing ? ['POST 400'] : []));
    });

    it('loses no GET when one is killed', async () => {
      const { house } = desk;
      await house.startSecond();
      await pause(NOTICED_MS);
      const answers = await keepAsking(house.issuer, ['GET'], async () => {
        await house.killSecond();
        await pause(NOTICED_MS);
      });
      expect(answers).to.have.all.keys('GET 200');

      const cleo = createVisitor(house.issuer, people.cleo);
      await cleo.opens(await house.shop.signIn());
      await cleo.identifies();
      expect((await house.shop.claims(cleo.landed())).amr).to.deep.equal(['pwd']);
    });
  });
}

async function within<Heard>(hearing: Promise<Heard>): Promise<Heard> {
  const late = pause(AT_ONCE_MS).then(() => expect.fail(`not heard within ${AT_ONCE_MS} ms`));
  return Promise.race([hearing, late]);
}
