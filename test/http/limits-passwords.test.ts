/**
 * How often passwords may be tried: by whom, under which spelling, from where (S-007 to S-011,
 * S-013), and that a wait tells no accounts apart.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { lookOf } from '../support/look-of.ts';
import { rememberRecords } from '../support/records.ts';
import type { Visitor } from '../support/visitor.ts';

const WRONG = 'not the password of anybody';

describe('Limits of passwords', () => {
  let house: House;
  let moveBack: () => Promise<void>;
  before(async () => {
    const proxies = { trustedProxies: ['127.0.0.1', '::1'] };
    house = await openHouse({ log: { level: 'info' }, server: proxies });
    moveBack = await rememberRecords(house);
  });
  after(() => house.close());
  beforeEach(async () => {
    clock.advance({ days: 3 });
    await moveBack();
  });

  async function asks(identifier: string, from = '192.0.2.1'): Promise<Visitor> {
    const visitor = house.visitor();
    visitor.comesFrom(from);
    await visitor.opens(await house.shop.signIn());
    await visitor.says({ identifier });
    return visitor;
  }

  /** Statuses of so many tries in a row, by the newest form there was. */
  async function tries(visitor: Visitor, count: number, password = WRONG): Promise<number[]> {
    let form = visitor.formFor('form[data-step="answer"]');
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) {
      await visitor.submit(form, { password });
      statuses.push(visitor.status());
      if (visitor.status() !== paused) await visitor.reloads();
      form = visitor.html().querySelector('form[data-step="answer"]') ?? form;
    }
    return statuses;
  }

  const once = 200;
  const paused = 429;
  const fiveThenPaused = [...Array<number>(5).fill(once), paused];

  it('look the same for everybody who cannot get in (S-007)', async () => {
    const accounts = house.connection.model('Account');
    await accounts.updateOne({ _id: 'id-bob' }, { $set: { credentials: [] } });
    await accounts.updateOne({ _id: 'id-cleo' }, { $set: { disabledAt: new Date() } });
    const seen: Record<string, string[]> = {};
    for (const [index, [identifier, password]] of [
      ['ada', WRONG],
      ['bob', people.bob.password],
      ['cleo', people.cleo.password],
      ['ned', people.ada.password],
    ].entries()) {
      const visitor = await asks(identifier ?? '', `192.0.2.${index + 1}`);
      const looks = [lookOf(visitor, identifier)];
      for (let count = 0; count < 7; count += 1) {
        if (visitor.sees() !== 'methods/password/answer') await visitor.reloads();
        const form = visitor.html().querySelector('form[data-step="answer"]');
        if (form) await visitor.submit(form, { password: password ?? '' });
        looks.push(lookOf(visitor, identifier));
        if (visitor.status() === 429) {
          await visitor.opens(visitor.html().querySelector('main a')?.getAttribute('href') ?? '');
        }
      }
      seen[identifier ?? ''] = looks;
    }
    expect(seen.ada?.filter((look) => look.startsWith('429'))).to.have.length(2);
    for (const name of ['bob', 'cleo', 'ned']) expect(seen[name]).to.deep.equal(seen.ada);
  });

  it('are announced, to everybody alike', async () => {
    const pages = await Promise.all(
      ['ada', 'nobody.here'].map(async (name) => {
        const visitor = await asks(name, name === 'ada' ? '192.0.2.1' : '198.51.100.1');
        await tries(visitor, 4);
        const before = visitor.reads();
        await tries(visitor, 1);
        return [before, visitor.reads()].map((read) => read.replaceAll(name, 'NAME'));
      }),
    );
    const [[fourth, fifth] = []] = pages;
    expect(fourth).to.contain('After one more wrong try, you have to wait.');
    expect(fifth).to.contain('NAME').and.contain('You can try again in 30 seconds.');
    expect(pages[1]).to.deep.equal(pages[0]);
  });

  it('count every spelling of one account together (S-008, C-27, C-28)', async () => {
    const spellings = ['ada', ' ADA ', 'ada@example.org', 'Ada@Example.ORG', 'ａｄａ', 'AdA'];
    const statuses = [];
    for (const spelling of spellings) statuses.push(...(await tries(await asks(spelling), 1)));
    expect(statuses).to.deep.equal(fiveThenPaused);
  });

  it('count every spelling of a name that nobody has together, too (S-009)', async () => {
    const spellings = ['ned', ' NED', 'nEd ', 'ｎｅｄ', 'ned', 'NED\t'];
    const statuses = [];
    for (const spelling of spellings) statuses.push(...(await tries(await asks(spelling), 1)));
    expect(statuses).to.deep.equal(fiveThenPaused);
    expect(await tries(await asks('ted'), 1), 'another name is another matter').to.deep.equal([
      once,
    ]);
  });

  it('outlive a restart, for known and unknown names, and grow with every try (S-009, C-48)', async () => {
    for (const identifier of ['ada', 'ned']) {
      const visitor = await asks(identifier);
      await tries(visitor, 5);
      await house.restart();
      expect(await tries(await asks(identifier), 1), identifier).to.deep.equal([paused]);
      const waits = [];
      for (let round = 0; round < 3; round += 1) {
        const again = await asks(identifier);
        await tries(again, 1);
        const wait = Number(again.headers().get('retry-after'));
        waits.push(wait);
        clock.advance({ seconds: wait });
        expect(await tries(await asks(identifier), 1)).to.deep.equal([once]);
      }
      // A restart takes its time, which counts.
      const halfMinutes = waits.map((wait) => Math.ceil(wait / 30));
      expect(halfMinutes, identifier).to.deep.equal([1, 2, 4]);
    }
  });

  it('are cleared by a finished sign-in and by nothing less (S-010)', async () => {
    const ada = await asks('ada');
    await tries(ada, 4);
    await tries(ada, 1, people.ada.password);
    expect(ada.sees()).to.equal('methods/code/answer');
    expect(await tries(await asks('ada'), 2), 'the right password alone').to.deep.equal([
      once,
      paused,
    ]);
    await ada.reloads();
    await ada.says({ code: await codeOfAda() });
    expect(ada.landed().searchParams.has('code')).to.equal(true);
    expect(await tries(await asks('ada'), 6)).to.deep.equal(fiveThenPaused);
  });

  it('let nobody be locked out by a stranger (S-011, C-14)', async () => {
    await wrongFromEverywhere('ada', 50);
    const ada = await asks('ada', '198.51.100.7');
    await tries(ada, 1, people.ada.password);
    if (ada.status() === paused) {
      const wait = Number(ada.headers().get('retry-after'));
      expect(wait).to.be.at.most(30);
      clock.advance({ seconds: wait });
      await ada.opens(ada.html().querySelector('main a')?.getAttribute('href') ?? '');
      await tries(ada, 1, people.ada.password);
    }
    expect(ada.sees()).to.equal('methods/code/answer');
  });

  it('close an account after 100 in a row, but not to places that it knows (D-8)', async () => {
    const known = await asks('ada', '198.51.100.8');
    await tries(known, 1, people.ada.password);
    await known.says({ code: await codeOfAda() });
    clock.advance({ minutes: 5 });

    await wrongFromEverywhere('ada', 100);
    const stranger = await asks('ada', '198.51.100.9');
    clock.advance({ minutes: 40 });
    expect(await tries(stranger, 1, people.ada.password)).to.deep.equal([paused]);
    expect(stranger.headers().get('retry-after')).to.equal(null);

    const sameNetwork = await asks('ada', '198.51.100.8');
    expect(await tries(sameNetwork, 1, people.ada.password)).to.deep.equal([once]);
    expect(sameNetwork.sees()).to.equal('methods/code/answer');

    known.comesFrom('203.0.113.5');
    await known.opens(await house.shop.signIn({ prompt: 'login' }));
    if (known.sees() === 'sign-in/pick-account') await known.says({ identifier: 'ada' });
    await tries(known, 1, people.ada.password);
    expect(known.sees(), 'a browser is known wherever it is').to.equal('methods/code/answer');
    await known.says({ code: await codeOfAda() });

    clock.advance({ minutes: 1 });
    const freed = await asks('ada', '198.51.100.9');
    await tries(freed, 1, people.ada.password);
    expect(freed.sees(), 'a sign-in from a known place ends it').to.equal('methods/code/answer');
  });

  it('compare no more than the budget, however many come at once (C-13, C-42)', async () => {
    for (const identifier of ['ada', 'ned']) {
      const visitors = await Promise.all(Array.from({ length: 12 }, () => asks(identifier)));
      const before = (await answered()).length;
      const forms = visitors.map((visitor) => visitor.formFor('form[data-step="answer"]'));
      const posts = Array.from({ length: 50 }, async (_, index) => {
        const [visitor, form] = [visitors[index % 12], forms[index % 12]];
        const body = new URLSearchParams({ password: WRONG });
        for (const { attributes } of form?.querySelectorAll('input[type="hidden"]') ?? []) {
          body.set(attributes.name ?? '', attributes.value ?? '');
        }
        return visitor?.raw(form?.getAttribute('action') ?? '', { method: 'POST', body });
      });
      const statuses = (await Promise.all(posts)).map((answer) => answer?.status);
      expect(new Set(statuses), identifier).to.deep.equal(new Set([303, 429]));
      const compared = (await answered()).length - before;
      expect(compared, identifier).to.be.within(1, 5);
    }
  });

  it('believe no address that was not written by a proxy of ours (S-013, C-31)', async () => {
    const open = await openHouse();
    try {
      const claimed = [
        '192.0.2.1',
        '192.0.2.2',
        'unknown',
        '999.1.1.1',
        '::1',
        '", or',
        '10.0.0.1',
      ];
      const waits = [];
      for (const address of claimed) {
        if (waits.length === 5) clock.advance({ seconds: 30 });
        const visitor = open.visitor();
        visitor.comesFrom(address);
        await visitor.opens(await open.shop.signIn());
        await visitor.says({ identifier: 'ada' });
        await visitor.says({ password: WRONG });
        waits.push(visitor.headers().get('retry-after'));
      }
      // Twice as long as an account makes everybody wait: all of them were one network.
      expect(waits).to.deep.equal([...Array<null>(6).fill(null), '60']);
    } finally {
      await open.close();
    }
  });

  it('need the same steps whatever an address claims to be (C-31)', async () => {
    for (const address of [
      'unknown',
      '999.1.1.1',
      '_hidden, for=x',
      '127.0.0.1',
      '::ffff:1.2.3.4',
    ]) {
      const visitor = await asks('ada', address);
      expect(visitor.sees(), address).to.equal('methods/password/answer');
      await tries(visitor, 1, people.ada.password);
      expect(visitor.sees(), address).to.equal('methods/code/answer');
    }
  });

  /** One try from each of as many networks, a minute apart or so. */
  async function wrongFromEverywhere(identifier: string, count: number): Promise<void> {
    let visitor = await asks(identifier);
    for (let index = 0; index < count; index += 1) {
      if (index % 50 === 0) visitor = await asks(identifier);
      visitor.comesFrom(`10.0.${index}.1`);
      expect(await tries(visitor, 1), `try ${index}`).to.deep.equal([once]);
      clock.advance({ seconds: 31 });
    }
  }

  const codeOfAda = async (): Promise<string> => house.visitor('ada').code();

  const answered = async (): Promise<string[]> =>
    (await house.logged()).split('\n').filter((line) => line.includes('"challenge.answered"'));
});
