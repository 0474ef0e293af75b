/**
 * Second factors: one budget for all of them, and everything that is good once is good once,
 * however many try it at the same moment (S-030, S-062, S-071, R-05, R-06, C-36, C-75).
 */
import { expect } from 'chai';
import type { HTMLElement } from 'node-html-parser';

import { createAccounts, type Credential } from '../../src/models/account.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { appCode, people } from '../support/people.ts';
import { rememberRecords } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';
import { flowOf, uidOf, ways } from '../support/ways.ts';

describe('Limits of codes', () => {
  let house: House;
  let moveBack: () => Promise<void>;
  before(async () => {
    house = await openHouse({ log: { level: 'info' } });
    moveBack = await rememberRecords(house);
  });
  after(() => house.close());
  beforeEach(async () => {
    clock.advance({ days: 2 });
    house.carrier.texts.length = 0;
    await moveBack();
  });

  /** One after the other, because so many at once could not all sign in with one password. */
  async function many(count: number, way: (house: House) => Promise<Visitor>): Promise<Visitor[]> {
    const visitors: Visitor[] = [];
    while (visitors.length < count) visitors.push(await way(house));
    return visitors;
  }

  /** What the second step of each sign-in was proved with, if it was. */
  async function provedIn(visitors: readonly Visitor[]): Promise<string[]> {
    const flows = await Promise.all(visitors.map((visitor) => flowOf(house, visitor)));
    return flows.flatMap((flow) => {
      const { proofs } = JSON.parse(flow) as { proofs: { method: string }[] };
      return proofs.slice(1).map(({ method }) => method);
    });
  }

  /** The same answer so often at the same moment, turning from one sign-in to the next. */
  async function floods(
    visitors: readonly Visitor[],
    count: number,
    code: string,
  ): Promise<number[]> {
    const forms = visitors.map((visitor) => visitor.formFor('form[data-step]'));
    const answers = Array.from({ length: count }, async (_, index) => {
      const [visitor, form] = [visitors[index % visitors.length], forms[index % forms.length]];
      if (!visitor || !form) throw new Error('nobody is here');
      const { status } = await visitor.raw(form.getAttribute('action') ?? '', {
        method: 'POST',
        body: new URLSearchParams({ ...hidden(form), code }),
      });
      return status;
    });
    return Promise.all(answers);
  }

  it('take a text code once of 50 at a time', async () => {
    const bob = await ways['answer, text'](house);
    const statuses = await floods([bob], 50, house.carrier.lastCode(people.bob.phone));
    expect(new Set(statuses)).to.have.property('size').that.is.at.most(2);
    expect(statuses).to.include(303).and.not.to.include(500);
    expect(await provedIn([bob])).to.deep.equal(['text']);
  });

  it('take a code of the app once of 50 at a time, over parallel sign-ins', async () => {
    const adas = await many(8, ways['answer, code']);
    const statuses = await floods(adas, 50, adas[0]?.code() ?? '');
    expect(statuses.filter((status) => ![303, 429].includes(status))).to.deep.equal([]);
    expect(await provedIn(adas)).to.deep.equal(['code']);
  });

  it('take a recovery code once of 50 at a time, over parallel sign-ins', async () => {
    const adas = await many(8, ways['answer, recovery-code']);
    const statuses = await floods(adas, 50, people.ada.recoveryCodes[0]);
    expect(statuses.filter((status) => ![303, 429].includes(status))).to.deep.equal([]);
    expect(await provedIn(adas)).to.deep.equal(['recovery-code']);
    const left = await credentialOf('ada', 'recovery-codes');
    expect(left).to.have.nested.property('data.digests').with.length(1);
  });

  it('set up one app and one set of recovery codes of 20 confirmations at a time', async () => {
    const cleo = await ways['answer, code to add'](house);
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await floods([cleo], 20, appCode(seed));
    expect(await kindsOf('cleo')).to.deep.equal(['password', 'app', 'recovery-codes']);
  });

  it('finish a sign-in once of 10 at a time, and leave nobody behind (R-30)', async () => {
    const ada = await ways.remember(house);
    const form = ada.formFor('form[data-step="remember"]');
    const posts = Array.from({ length: 10 }, async () => {
      const answer = await ada.raw(form.getAttribute('action') ?? '', {
        method: 'POST',
        body: new URLSearchParams({ ...hidden(form), yes: 'false' }),
      });
      return answer.headers.get('location') ?? `status ${answer.status}`;
    });
    const landed = await Promise.all(posts);
    expect(new Set(landed)).to.deep.equal(new Set([`/auth/${uidOf(ada)}`]));
    await ada.opens(landed[9] ?? '');
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
  });

  it('compare no more than the budget over parallel sign-ins, and then not even the right one (R-06)', async () => {
    const adas = await many(8, ways['answer, code']);
    const before = await compared();
    await floods(adas, 80, '000000');
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
    expect(ada.sees()).to.equal('sign-in/remember');
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
    expect(ada.sees()).to.equal('sign-in/remember');
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

  async function credentialsOf(name: string): Promise<Credential[]> {
    const account = await createAccounts(house.connection).findById(`id-${name}`);
    return [...(account?.credentials ?? [])];
  }

  const kindsOf = async (name: string): Promise<string[]> =>
    (await credentialsOf(name)).map(({ kind }) => kind);

  const credentialOf = async (name: string, kind: string): Promise<Credential | undefined> =>
    (await credentialsOf(name)).find((credential) => credential.kind === kind);

  /** Answers to second steps that were looked at. */
  const compared = async (): Promise<number> =>
    (await house.logged())
      .split('\n')
      .filter((line) => line.includes('challenge.answered') && !line.includes('"password"')).length;
});

const hidden = (form: HTMLElement): Record<string, string> =>
  Object.fromEntries(
    form
      .querySelectorAll('input[type="hidden"]')
      .map(({ attributes: { name = '', value = '' } }) => [name, value]),
  );
