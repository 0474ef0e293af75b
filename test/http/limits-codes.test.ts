/**
 * Second factors: one budget for all of them, over all methods and all parallel sign-ins, and
 * however many come at the same moment (S-030, S-071, R-06, C-71).
 */
import { expect } from 'chai';

import { floods, hiddenFields } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import type { House } from '../support/house.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';
import { ways } from '../support/at-each-step.ts';

describeHouse('Limits of codes', { log: { level: 'info' } }, (house) => {
  /** One after the other: it is their next step that is tried at once. */
  async function many(count: number, way: (house: House) => Promise<Visitor>): Promise<Visitor[]> {
    const visitors: Visitor[] = [];
    while (visitors.length < count) visitors.push(await way(house));
    return visitors;
  }

  it('compare no more than the budget over 20 parallel sign-ins, and then not even the right one (C-45, R-06)', async () => {
    const adas = await many(20, ways['answer, code']);
    const challenges = adas.map((ada) =>
      hiddenFields(ada.formFor('form[data-step]')).challenge?.replace(/\d$/, ''),
    );
    const before = await compared();
    // Every attempt of every challenge at once, each of them twice.
    const statuses = await floods(adas, 200, (index) => ({
      code: '000000',
      challenge: `${challenges[index % 20]}${5 - (Math.floor(index / 20) % 5)}`,
    }));
    expect(new Set(statuses)).to.deep.equal(new Set([303, 429]));
    expect((await compared()) - before).to.be.within(1, 10);
    while ((await compared()) - before < 10) {
      const another = await ways['answer, code'](house);
      await another.says({ code: '000000' });
    }
    const last = await ways['answer, code'](house);
    await last.says({ code: last.code() });
    expect(last.status()).to.equal(429);
    await house.restart();
    const later = await ways['answer, code'](house);
    await later.says({ code: later.code() });
    expect(later.status(), 'after a restart').to.equal(429);
    clock.advance({ minutes: 15 });
    const after = await ways['answer, code'](house);
    await after.says({ code: after.code() });
    after.landed();
  });

  it('share one budget between methods, recovery codes too (C-20, C-63)', async () => {
    for (let round = 0; round < 3; round += 1) {
      const ada = await ways['answer, recovery-code'](house);
      for (let count = 0; count < 3; count += 1) await ada.says({ code: 'AAAA-BBBB-CCCC-DDDD' });
    }
    const tenth = await ways['answer, code'](house);
    await tenth.says({ code: '000000' });
    for (const at of ['answer, code', 'answer, recovery-code'] as const) {
      const ada = await ways[at](house);
      const right = at === 'answer, code' ? ada.code() : people.ada.recoveryCodes[0];
      await ada.says({ code: right });
      expect(ada.status(), at).to.equal(429);
    }
    clock.advance({ minutes: 15 });
    const ada = await ways['answer, recovery-code'](house);
    await ada.says({ code: people.ada.recoveryCodes[0] });
    await ada.presses('noted');
    ada.landed();
  });

  it('are not cleared by a right password (C-62)', async () => {
    for (let count = 0; count < 10; count += 1) {
      const ada = await ways['answer, code'](house);
      await ada.says({ code: '000000' });
    }
    const ada = await ways['answer, code'](house);
    await ada.says({ code: ada.code() });
    expect(ada.status()).to.equal(429);
  });

  it('switch a credential off after 100 in a row, whatever the pauses (0.3)', async () => {
    const ada = await ways['answer, code'](house);
    await house.connection
      .model('Account')
      .updateOne(
        { _id: 'id-ada' },
        { $set: { 'attempts.tallies': { 'credential:app': { times: [], streak: 100 } } } },
      );
    await ada.says({ code: ada.code() });
    expect(ada.status()).to.equal(429);
    expect(ada.headers().get('retry-after')).to.equal(null);
    await ada.opens(ada.html().querySelector('main a')?.getAttribute('href') ?? '');
    await ada.presses('another-way');
    await ada.says({ method: 'recovery-code', credential: 'codes' });
    await ada.says({ code: people.ada.recoveryCodes[0] });
    await ada.presses('noted');
    ada.landed();
  });

  it('keep the budgets of texts over parallel sign-ins (S-073)', async () => {
    const visitors = await many(5, async () => {
      const bob = await ways.identify(house);
      await bob.says({ identifier: 'bob' });
      return bob;
    });
    await Promise.all(visitors.map((bob) => bob.says({ password: people.bob.password })));
    expect(house.carrier.texts).to.have.length(1);
    expect(visitors.map((bob) => bob.status()).sort()).to.deep.equal([200, 429, 429, 429, 429]);
  });

  /** Answers to second steps that were looked at. */
  const compared = async (): Promise<number> =>
    (await house.logged())
      .split('\n')
      .filter((line) => line.includes('challenge.answered') && !line.includes('"password"')).length;
});
