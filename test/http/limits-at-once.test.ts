/**
 * Passwords of one account at the very same moment, over two processes: a try is counted before
 * it is compared, and whoever is right takes it back (S-010, R-06, C-42).
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { atOnce, sends } from '../support/at-once.ts';
import { describeHouse } from '../support/describe-house.ts';
import { people } from '../support/people.ts';
import type { Visitor } from '../support/visitor.ts';

const RIGHT = people.ada.password;
const WRONG = 'not the password of anybody';
const FREE = 5;
/** Two hundred, in every order, are test/unit/verification's: here they would try the database. */
const MANY = 50;

describeHouse('Passwords at the same moment', { metrics: { port: 0 } }, (house) => {
  const asked = (count: number, identifier = 'ada'): Promise<Visitor[]> =>
    atOnce(count, async () => {
      const visitor = house.visitor('ada');
      await visitor.opens(await house.shop.signIn());
      await visitor.says({ identifier });
      return visitor;
    });

  /** The sign-ins by turns; each status, and how long the last answer took. */
  async function answers(visitors: readonly Visitor[], passwords: readonly string[]) {
    const forms = visitors.map((visitor) => visitor.formFor('form[data-step="answer"]'));
    const statuses = await atOnce(passwords.length, async (index) => {
      const [visitor, form] = [visitors[index % forms.length], forms[index % forms.length]];
      if (!visitor || !form) throw new Error('nobody is here');
      return (await sends(visitor, form, { password: passwords[index] ?? '' })).status;
    });
    return { statuses };
  }

  async function arrived(visitors: readonly Visitor[]): Promise<number> {
    await Promise.all(visitors.map((visitor) => visitor.reloads()));
    return visitors.filter((visitor) => visitor.sees() === 'methods/code/answer').length;
  }

  /** Passwords that were compared so far, in both processes. */
  async function compared(): Promise<number> {
    const metrics = (await house.metrics()).join('\n');
    const runs = [...metrics.matchAll(/^doorstep_password_hashes_total (\d+)/gm)];
    return runs.reduce((sum, [, count]) => sum + Number(count), 0);
  }

  it('get in five at a time where they are right, and the others at their next try', async () => {
    const adas = await asked(10);
    const { statuses } = await answers(adas, repeated(10, RIGHT));
    expect(statuses.filter((status) => status === 303).length).to.be.at.least(FREE);
    expect(new Set(statuses)).to.not.include(500);
    expect((await counterOf('password'))?.streak ?? 0).to.be.at.most(1);
    const waiting = adas.filter((_ada, index) => statuses[index] !== 303);
    for (const ada of waiting) {
      // The form that was refused has cost its attempt.
      await ada.reloads();
      await answers([ada], [RIGHT]);
    }
    expect(await arrived(adas)).to.equal(10);
  }).timeout(60_000);

  for (const name of ['ada', 'ned']) {
    it(`are compared five times, of ${MANY} that are wrong (${name}, R-06)`, async () => {
      const visitors = await asked(10, name);
      const before = await compared();
      const { statuses } = await answers(visitors, repeated(MANY, WRONG));
      expect((await compared()) - before).to.be.within(1, FREE);
      expect(new Set(statuses)).to.deep.equal(new Set([303, 429]));
    }).timeout(60_000);
  }

  it('are compared five times at most where they are wrong, among right ones', async () => {
    const adas = await asked(30);
    const before = await compared();
    const passwords = adas.map((_ada, index) => (index % 2 === 0 ? RIGHT : WRONG));
    const { statuses } = await answers(adas, passwords);
    const passed = await arrived(adas);
    expect((await compared()) - before - passed).to.be.at.most(FREE);
    expect(new Set(statuses)).to.deep.equal(new Set([303, 429]));
    expect((await counterOf('password'))?.streak).to.be.within(1, FREE + 1);
  }).timeout(60_000);

  it('stay counted when the process breaks that compares them (R-51)', async () => {
    // As it is left by a process that is killed then.
    const now = new Date(Date.now() - 1000);
    const left = { times: repeated(5, now), streak: 5 };
    await createAccounts(house.connection).model.updateOne(
      { _id: 'id-ada' },
      { $set: { 'attempts.tallies': { password: left } } },
    );
    const first = await asked(1);
    const before = await compared();
    expect((await answers(first, [RIGHT])).statuses).to.deep.equal([429]);
    expect(await compared()).to.equal(before);
    expect((await counterOf('password'))?.streak).to.equal(5);
  });

  const counterOf = async (key: string) =>
    (await createAccounts(house.connection).findById('id-ada'))?.attempts.tallies[key];
});

const repeated = <T>(count: number, value: T): T[] => Array<T>(count).fill(value);
