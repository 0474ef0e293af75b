/**
 * What people meet while the database is gone, hangs, is slow or hands over to another server
 * . Nobody is let in meanwhile, and all is well once it is back.
 */
import { setTimeout as pause } from 'node:timers/promises';

import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { type Line, openLine } from '../support/faulty-connection.ts';
import type { Visitor } from '../support/visitor.ts';
import { uidOf } from '../support/at-each-step.ts';

const BOB = '+14255550134';

describe('Without its database', () => {
  let house: House;
  let line: Line;
  before(async () => {
    house = await openHouse(
      {},
      { inProcesses: true, databaseBy: async (own) => (line = await openLine(own)).uri },
    );
  });
  beforeEach(() => clock.advance({ days: 1 }));
  afterEach(() => {
    line.block(false);
    line.slow(0);
    line.decide();
  });
  after(async () => {
    await house.close();
    line.close();
  });

  const status = async (path: string): Promise<number> => (await house.visitor().raw(path)).status;

  /** Of both processes. */
  const readiness = (): Promise<number[]> => Promise.all([status('/readyz'), status('/readyz')]);

  async function untilReady(): Promise<void> {
    while ((await readiness()).some((one) => one !== 200)) await pause(50);
  }

  function isCalm(visitor: Visitor, where: string): void {
    expect(visitor.status(), where).to.equal(503);
    expect(visitor.sees(), where).to.equal('problem');
    expect(Number(visitor.headers().get('retry-after')), where).to.be.within(1, 10);
    expect(visitor.reads(), where).to.match(/again/i);
  }

  function leadsBack(visitor: Visitor): void {
    const way = visitor.html().querySelector('main a')?.getAttribute('href');
    expect(way).to.equal(`/sign-in/${uidOf(visitor)}`);
  }

  for (const [how, leave, comeBack] of [
    ['is gone', () => line.goAway(), () => line.comeBack()],
    ['hangs', () => line.block(true), () => line.block(false)],
  ] as const) {
    it(`that ${how}, the house lives, says so calmly, and lets nobody in (R-15)`, async () => {
      const bob = await house.atSecondStep('bob');
      const form = bob.formFor('form[data-step="answer"]');
      const request = await house.shop.signIn();
      await leave();

      // Twice each, once in each process.
      for (const time of ['first', 'second']) {
        await bob.submit(form, { code: house.carrier.lastCode(BOB) });
        isCalm(bob, `the ${time} answer`);
        leadsBack(bob);
        await bob.opens(request);
        isCalm(bob, `the ${time} start`);
        expect(await status('/healthz')).to.equal(200);
      }
      expect(await readiness()).to.deep.equal([503, 503]);

      await comeBack();
      await untilReady();
      const back = house.visitor('bob');
      await back.opens(request);
      expect(back.sees()).to.equal('sign-in/identify');
      await bob.submit(form, { code: house.carrier.lastCode(BOB) });
      bob.landed();
    });
  }

  it('answering slowly, a sign-in works and has each effect once (R-16)', async function () {
    this.timeout(60_000);
    line.slow(100);
    house.carrier.texts.length = 0;
    const bob = await house.atSecondStep('bob');
    await bob.says({ code: house.carrier.lastCode(BOB) });
    const tokens = await house.shop.welcome(bob.landed());
    expect(tokens.claims()?.sub).to.equal('id-bob');
    expect(house.carrier.texts).to.have.length(1);
  });

  it('that hands over to another server, the house says so until there is one (R-13)', async () => {
    const stepsDown = { ok: 0, code: 10107, codeName: 'NotWritablePrimary', errmsg: 'not primary' };
    const bob = await house.atSecondStep('bob');
    const form = bob.formFor('form[data-step="answer"]');
    let refused = 0;
    line.decide((command) => {
      if (command !== 'findAndModify' && command !== 'update') return undefined;
      refused += 1;
      return { answer: stepsDown };
    });
    await bob.submit(form, { code: house.carrier.lastCode(BOB) });
    isCalm(bob, 'while there is no primary');
    expect(refused).to.be.greaterThan(0);

    line.decide();
    await untilReady();
    await bob.submit(form, { code: house.carrier.lastCode(BOB) });
    bob.landed();
  });
});
