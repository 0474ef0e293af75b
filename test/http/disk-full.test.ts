/**
 * What people, apps and operators meet while the database's disk is full: it goes on reading and
 * refuses to write. Nobody is let in meanwhile, nothing that was said to be done is lost, the log
 * says why once, and all is well as soon as there is room, without a restart.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';
import * as client from 'openid-client';

import { systemClock } from '../../src/lib/clock.ts';
import { createLogoutNotices } from '../../src/models/logout-notice.ts';
import { noticeOf } from '../../src/oidc/back-channel.ts';
import { clock } from '../support/clock.ts';
import { fullDisks } from '../support/full-disks.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Line, openLine } from '../support/faulty-connection.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

interface Logged {
  readonly level: string;
  readonly event: string;
  readonly err?: object;
}

for (const engine of ['MongoDB', 'DocumentDB'] as const) {
  describe(`On a full disk of ${engine}`, () => {
    let house: House;
    let line: Line;
    before(async () => {
      house = await openHouse(
        { log: { level: 'info' } },
        { databaseBy: async (own) => (line = await openLine(own)).uri },
      );
      clock.advance({ days: 1 });
    });
    after(async () => {
      await house.close();
      line.close();
    });

    const asks = async (path: string): Promise<{ status: number; body: unknown }> => {
      const response = await house.visitor().raw(path, { headers: { accept: '*/*' } });
      return { status: response.status, body: await response.json() };
    };
    /** Of both that serve. */
    const readiness = () => Promise.all([asks('/readyz'), asks('/readyz')]);

    function isCalm(visitor: Visitor): void {
      expect([visitor.status(), visitor.sees()]).to.deep.equal([503, 'problem']);
      expect(Number(visitor.headers().get('retry-after'))).to.be.within(1, 10);
    }

    async function isCalmToApps(code: URL): Promise<void> {
      const error: unknown = await house.shop.welcome(code).catch((thrown: unknown) => thrown);
      const told = error instanceof Error ? error.cause : error;
      if (!(told instanceof Response)) throw new Error('was answered', { cause: error });
      expect(told.status).to.equal(503);
      expect(Number(told.headers.get('retry-after'))).to.be.within(1, 10);
      expect(await told.json()).to.include({ error: 'unavailable' });
    }

    async function events(): Promise<Logged[]> {
      // Written by processes, where those serve, which may take a moment.
      await pause(50);
      const lines = (await house.logged()).split('\n').filter((each) => each !== '');
      return lines.map((each) => JSON.parse(each) as Logged);
    }

    it('all is calm, what can be read is read, and it heals by itself', async () => {
      const ada = await house.atSecondStep('ada');
      await ada.says({ code: ada.code() });
      const tokens = await house.shop.welcome(ada.landed());
      await ada.opens(await house.shop.signIn());
      const code = ada.landed();
      const bob = await house.atSecondStep('bob');
      const form = bob.formFor('form[data-step="answer"]');
      const answer = { code: house.carrier.lastCode(people.bob.phone) };

      const notices = createLogoutNotices(house.connection);
      const about = { clientId: 'shop', accountId: 'id-ada', sid: 'of another session' };
      const now = systemClock.now();
      await notices.add([noticeOf(about, now), noticeOf(about, now)]);

      line.decide(fullDisks[engine]);
      // Twice each, once in each process.
      for (const _ of ['first', 'second']) {
        await bob.submit(form, answer);
        isCalm(bob);
        const cleo = house.visitor('cleo');
        await cleo.opens(await house.shop.signIn());
        isCalm(cleo);
        await isCalmToApps(code);
        for (const path of ['/healthz', '/jwks', '/.well-known/openid-configuration']) {
          expect((await asks(path)).status, path).to.equal(200);
        }
        const configuration = await house.shop.configuration();
        await client.fetchUserInfo(configuration, tokens.access_token, 'id-ada');
      }
      const missing = { status: 503, body: { ok: false, failed: ['disk'] } };
      expect(await readiness()).to.deep.equal([missing, missing]);
      await Promise.all([house.settles(), house.waits()]).catch(() => undefined);

      line.decide();
      await house.settles();
      const ready = { status: 200, body: { ok: true } };
      expect(await readiness()).to.deep.equal([ready, ready]);
      expect((await house.shop.claims(code)).sub).to.equal('id-ada');
      await bob.submit(form, answer);
      expect((await house.shop.claims(bob.landed())).sub).to.equal('id-bob');

      const told = await events();
      const failures = told.filter(({ level }) => level === 'error');
      expect(failures.map(({ event }) => event)).to.deep.equal(['disk.full', 'disk.full']);
      for (const { err } of failures) expect(err).not.to.have.property('stack');
      expect(told.filter(({ event }) => event === 'disk.has-room')).to.have.length(2);
      expect(told.filter(({ event }) => event.startsWith('logout-notice'))).to.deep.equal([]);
      expect(await notices.model.countDocuments()).to.equal(0);

      await house.restart();
      await ada.opens(await house.shop.signIn({ prompt: 'none' }));
      expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
    });
  });
}
