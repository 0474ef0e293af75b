/**
 * Passkeys that will not do, or not any more: the door tells nobody why, and browsers are told which
 * keys there are where that gives nothing away (S-101, S-102; WebAuthn Level 3 §5.1.10).
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import type { AuditEvent } from '../../src/models/audit-event.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from '../support/administration.ts';
import { type Authenticator, createAuthenticator } from '../support/authenticator.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { keyDesk } from '../support/key-desk.ts';
import { answersBy, keyOf, keysOn, optionsOn } from '../support/keys.ts';
import { openPostBox } from '../support/mail-server.ts';
import { people, type PersonName } from '../support/people.ts';
import { rememberRecords } from '../support/records.ts';
import { trusting } from '../support/trusting.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

const ALERTS = 'security@example.org';
const OTHER_MODEL = 'ffeeddcc-bbaa-9988-7766-554433221100';

describe('A passkey that will not do', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let moveBack: () => Promise<void>;
  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      ...keysOn,
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
      organisation: { alertsTo: ALERTS },
    });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await house.close();
    await post.close();
  });
  beforeEach(async () => {
    clock.advance({ days: 2 });
    await moveBack();
    post.mails.length = 0;
  });

  const says = async (change: object): Promise<void> => {
    const { methods } = house.settings.policy;
    const keys = { ...methods['security-key'], ...change };
    await trusting(house).decides({ methods: { ...methods, 'security-key': keys } });
  };
  const suspends = (name: PersonName, id = 'key') =>
    createAccounts(house.connection).model.updateOne(
      { _id: `id-${name}`, 'credentials.id': id },
      { $set: { 'credentials.$.data.suspendedAt': new Date() } },
    );

  /** At the door, and what every page said on the way. */
  async function comes(name?: PersonName) {
    const pages: string[] = [];
    const visitor = createVisitor(house.issuer, name && people[name], async (...asked) => {
      const answer = await fetch(...asked);
      pages.push(await answer.clone().text());
      return answer;
    });
    await visitor.opens(await house.shop.signIn());
    return { visitor, pages };
  }

  /** What the page says and tells the browser, without what is new each time. */
  async function tries(key: Authenticator, id = key.made.at(-1)?.id) {
    const { visitor } = await comes();
    await answersBy(
      visitor,
      key.get({ ...optionsOn(visitor), allowCredentials: [{ id: id ?? '' }] }),
    );
    expect(visitor.sees()).to.equal('sign-in/identify');
    const main = (visitor.html().querySelector('main')?.outerHTML ?? '')
      .replaceAll(/challenge&#34;:&#34;[^&]*/g, '')
      .replaceAll(/(value|data-again|data-seconds|action|href)="[^"]*"/g, '');
    return { main, signal: signalled(visitor.html(), 'signalUnknownCredential') };
  }

  const signalled = (page: ReturnType<Visitor['html']>, signal: string): unknown => {
    const said = page.querySelector(`[data-signal="${signal}"]`)?.getAttribute('data-options');
    return said === undefined ? undefined : (JSON.parse(said) as unknown);
  };

  async function audited(name: string): Promise<AuditEvent[]> {
    await house.settles();
    const found: AuditEvent[] = [];
    const since = Date.now() - 3_600_000;
    for await (const { events } of createAuditRecords(house.connection).inOrder()) {
      found.push(...events.filter((event) => event.name === name && event.at.getTime() > since));
    }
    return found;
  }

  /** What became of a key, each of an account as it was before. */
  const fates: Readonly<Record<string, () => Promise<unknown>>> = {
    suspended: () => suspends('dan'),
    disabled: () => house.disable('dan', true),
    'of no model that policy allows': () => says({ allowedModels: [OTHER_MODEL] }),
    'removed just now': () => administrationOf(house).methods.remove('dan', { id: 'key' }),
    'erased with its account': () => administrationOf(house).accounts.remove('dan'),
  };

  it('is told the same, whatever is wrong with it (S-101)', async () => {
    const unknown = createAuthenticator(house.issuer);
    unknown.create({ challenge: '', rp: { id: 'localhost' }, user: { id: 'bm9ib2R5' } });
    const { main, signal } = await tries(unknown);
    expect(main).to.contain('That passkey cannot be used here.');
    expect(signal).to.equal(undefined);
    for (const [title, befalls] of Object.entries(fates)) {
      await moveBack();
      const key = await keyOf(house, 'dan');
      await befalls();
      expect(await tries(key), title).to.deep.equal({ main, signal: undefined });
    }
    await says({ allowedModels: [] });
  });

  it('is taken from the browser’s list three days after it was removed, and no other is', async () => {
    for (const [title, befalls] of Object.entries(fates)) {
      await moveBack();
      const key = await keyOf(house, 'dan');
      await befalls();
      clock.advance({ hours: 71, minutes: 59, seconds: 50 });
      expect((await tries(key)).signal, title).to.equal(undefined);
      clock.advance({ seconds: 10 });
      const isGone = title.startsWith('removed') || title.startsWith('erased');
      const gone = { rpId: 'localhost', credentialId: key.made[0]?.id };
      expect((await tries(key)).signal, title).to.deep.equal(isGone ? gone : undefined);
    }
    await says({ allowedModels: [] });
  });

  it('is listed for its owner alone, once they are signed in', async () => {
    await keyOf(house, 'ada', { id: 'first' });
    await keyOf(house, 'ada', { id: 'second' });
    await keyOf(house, 'ada', { id: 'third' });
    const accounts = createAccounts(house.connection);
    const ada = await accounts.findById('id-ada');
    const idOf = (id: string) =>
      (ada?.credentials.find((one) => one.id === id)?.data as { credentialId: string })
        .credentialId;
    await administrationOf(house).methods.remove('ada', { id: 'third' });
    await suspends('ada', 'second');

    const signsIn = async () => {
      const { visitor, pages } = await comes('ada');
      await visitor.identifies();
      await visitor.presses('another-way');
      await visitor.says({ method: 'code' });
      await visitor.says({ code: visitor.code() });
      visitor.landed();
      const telling = pages.filter((page) => page.includes('signalAllAcceptedCredentials'));
      expect(telling).to.have.length(1);
      const options = /data-options="([^"]*)"/.exec(telling[0] ?? '')?.[1] ?? '';
      return JSON.parse(options.replaceAll(/&(quot|#34);/g, '"')) as object;
    };
    const all = await signsIn();
    expect(all).to.deep.include({ rpId: 'localhost', userId: ada?.userHandle });
    expect(all)
      .to.have.property('allAcceptedCredentialIds')
      .with.members(['first', 'second', 'third'].map(idOf));
    clock.advance({ hours: 72 });
    expect(await signsIn())
      .to.have.property('allAcceptedCredentialIds')
      .with.members(['first', 'second'].map(idOf));

    const { visitor, pages } = await comes('dan');
    await visitor.identifies();
    expect(pages.join('')).not.to.contain('signalAllAcceptedCredentials');
  });

  it('is not asked for once policy says so, however long the page is open', async () => {
    const key = await keyOf(house, 'cleo');
    const { visitor } = await comes();
    const right = key.get(optionsOn(visitor));
    await says({ passwordless: false });
    await answersBy(visitor, right);
    expect(visitor.status()).to.equal(200);
    expect(visitor.sees()).to.equal('sign-in/identify');
  });

  it('but one that does stays signed in, and is taken beside the names that are known', async () => {
    const key = await keyOf(house, 'cleo');
    const { visitor } = await comes();
    await answersBy(visitor, key.get(optionsOn(visitor)), { stay: 'true' });
    await house.shop.claims(visitor.landed());
    const cookies = await visitor.jar.getCookies(house.issuer);
    expect(cookies.some(({ expires }) => expires instanceof Date)).to.equal(true);
    await visitor.opens(await house.shop.signIn({ prompt: 'select_account' }));
    expect(visitor.sees()).to.equal('sign-in/pick-account');
    await answersBy(visitor, key.get(optionsOn(visitor)));
    expect((await house.shop.claims(visitor.landed())).sub).to.equal('id-cleo');
  });

  for (const [title, counts] of [
    ['as it was', [9, 9]],
    ['lower', [9, 3]],
    ['none any more', [9, 0]],
  ] as const) {
    it(`is suspended by a counter that is ${title}, which its owner hears (S-102)`, async () => {
      const key = await keyOf(house, 'cleo');
      const [first, second] = counts;
      for (const count of [first, first + 1]) {
        const cleo = await house.atSecondStep('cleo');
        await answersBy(cleo, key.get(optionsOn(cleo), { count }));
        cleo.landed();
      }
      const cleo = await house.atSecondStep('cleo');
      const forged = key.get(optionsOn(cleo), { count: second, signs: () => Buffer.alloc(70) });
      await keyDesk(house).refuses(cleo, { 'a wrong signature': () => forged });
      const count = second === first ? first + 1 : second;
      await answersBy(cleo, key.get(optionsOn(cleo), { count }));
      expect(cleo.status()).to.equal(200);
      expect(cleo.reads()).to.contain('This key can no longer be used');
      const [suspended, ...more] = await audited('method.suspended');
      expect(suspended?.details).to.deep.equal({ method: 'security-key', credential: 'key' });
      expect(more).to.deep.equal([]);
      await house.settles();
      expect(post.subjectsTo(people.cleo.email)).to.include(
        'Doorstep: A security key can no longer be used',
      );
      expect(post.subjectsTo(ALERTS)).to.include(
        'Doorstep: A security key of cleo may have been copied',
      );
      const later = await house.atSecondStep('cleo');
      expect(later.sees()).to.equal('sign-in/no-way');
      expect((await tries(key)).main).to.contain('That passkey cannot be used here.');
    });
  }

  it('ends what was proved by a copy of it, wherever that was (S-102)', async () => {
    const key = await keyOf(house, 'cleo');
    const thief = await house.atSecondStep('cleo');
    await answersBy(thief, key.get(optionsOn(thief), { count: 50 }));
    thief.landed();
    const owner = await house.atSecondStep('cleo');
    await answersBy(owner, key.get(optionsOn(owner), { count: 7 }));
    expect(owner.reads()).to.contain('This key can no longer be used');
    await thief.opens(await house.shop.signIn({ prompt: 'none' }));
    expect(thief.landed().searchParams.get('error')).to.equal('login_required');
  });

  it('is not suspended where a later answer overtook an earlier one', async () => {
    const key = await keyOf(house, 'cleo');
    const early = await house.atSecondStep('cleo');
    const late = await house.atSecondStep('cleo');
    const first = key.get(optionsOn(early), { count: 5 });
    clock.advance({ seconds: 1 });
    await answersBy(late, key.get(optionsOn(late), { count: 6 }));
    late.landed();
    await answersBy(early, first);
    expect(early.reads()).to.contain('used in another tab meanwhile');
    expect(await audited('method.suspended')).to.deep.equal([]);
    await early.presses('again');
    await answersBy(early, key.get(optionsOn(early), { count: 8 }));
    early.landed();
  });

  it('does that counts nothing at all, however often (S-102)', async () => {
    const key = await keyOf(house, 'cleo', { counts: false });
    for (let time = 0; time < 3; time += 1) {
      const cleo = await house.atSecondStep('cleo');
      await answersBy(cleo, key.get(optionsOn(cleo)));
      cleo.landed();
    }
    expect(await audited('method.suspended')).to.deep.equal([]);
  });
});
