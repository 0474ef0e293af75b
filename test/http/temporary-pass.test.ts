/**
 * A temporary access pass (S-144): typed where everybody's password is asked, it stands for both steps,
 * leads to a new password, and tells no stranger who has one.
 */
import { expect } from 'chai';

import type { PassWish } from '../../src/administration/passes.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { administrationOf } from '../support/administration.ts';
import { uidOf } from '../support/at-each-step.ts';
import { atOnce, sends, soak } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { lookOf } from '../support/look-of.ts';
import { openPostBox } from '../support/mail-server.ts';
import { begin, rowsOn } from '../support/my-account.ts';
import { NEW, PAGE, posts, twice } from '../support/password-story.ts';
import { appCode, people, type PersonName } from '../support/people.ts';
import { rememberRecords } from '../support/records.ts';
import { accountIn } from '../support/suspending.ts';
import type { Visitor } from '../support/visitor.ts';

const ASKED = 'methods/password/answer';
const WRONG = /wrong user name or password/i;
const KIND = 'temporary-access-pass';

describe('A temporary access pass (S-144)', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  let moveBack: () => Promise<void>;
  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      log: { level: 'info' },
      policy: { methods: { 'security-key': { signIn: true } } },
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
    });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await post.close();
    await house.close();
  });
  beforeEach(async () => {
    await house.settles();
    clock.advance({ days: 2 });
    post.mails.length = 0;
    house.carrier.texts.length = 0;
    await moveBack();
  });

  const office = () => administrationOf(house);
  const issue = (name: PersonName, wish: PassWish = {}) => office().passes.issue(name, wish);
  const change = (name: PersonName, update: object) =>
    house.connection.model('Account').updateOne({ _id: `id-${name}` }, update);

  async function signsIn(name: PersonName, typed: string, more = {}): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens(await house.shop.signIn(more));
    await visitor.identifies(typed);
    return visitor;
  }

  const withoutPassword = (name: PersonName) =>
    change(name, { $pull: { credentials: { kind: 'password' } } });

  /** The service moves on what others left, a moment later. */
  async function settled(): Promise<void> {
    clock.advance({ minutes: 1 });
    await house.settles();
  }

  async function told(): Promise<string[]> {
    await settled();
    const names: string[] = [];
    for await (const { events } of createAuditRecords(house.connection).inOrder()) {
      names.push(...events.map(({ name }) => name));
    }
    return names;
  }

  it('opens both steps once, is told of, and leaves the password to whoever knows it', async () => {
    const { code } = await issue('bob');
    const bob = await signsIn('bob', code.toLowerCase().replaceAll('-', ' '));
    expect(bob.sees(), bob.reads()).to.equal(PAGE);
    expect(bob.reads()).to.contain('The pass has let you in.');
    await bob.presses('keep-password');
    const claims = await house.shop.claims(bob.landed());
    expect(claims.acr).to.equal('urn:doorstep:acr:mfa');
    expect(claims.amr).to.have.members(['otp', 'mfa']);
    await bob.opens(await house.shop.signIn());
    expect(bob.landed().searchParams.get('code'), 'not asked again').to.be.a('string');
    expect(house.carrier.texts).to.deep.equal([]);

    expect(await told()).to.include.members(['pass.issued', 'pass.used', 'sign-in.finished']);
    const subjects = post.subjectsTo(people.bob.email);
    expect(subjects).to.include('Doorstep: A temporary access pass for your account');
    expect(subjects).to.include('Doorstep: A temporary access pass was used');
    const everything = `${await house.logged()}${JSON.stringify(post.mails)}`;
    for (const secret of [code, code.replaceAll('-', '')]) {
      expect(everything).not.to.contain(secret);
      expect(JSON.stringify(await accountIn(house, 'id-bob'))).not.to.contain(secret);
    }

    expect((await signsIn('bob', code)).reads(), 'used').to.match(WRONG);
    const known = await signsIn('bob', people.bob.password);
    expect(known.sees(), 'the password as before').to.equal('methods/text/answer');
  });

  it('leads to a new password, without the old one (S-014)', async () => {
    const { code } = await issue('bob');
    const bob = await signsIn('bob', code);
    await bob.says(twice(NEW));
    expect((await house.shop.claims(bob.landed())).acr).to.equal('urn:doorstep:acr:mfa');
    clock.advance({ minutes: 1 });
    expect((await signsIn('bob', people.bob.password)).reads()).to.match(WRONG);
    expect((await signsIn('bob', NEW)).sees()).to.equal('methods/text/answer');
  });

  const refused: Readonly<Record<string, () => Promise<string>>> = {
    'of somebody else': async () => (await issue('ada')).code,
    'before its time': async () =>
      (await issue('bob', { startsAt: new Date(Date.now() + 60_000) })).code,
    'after its end': async () => {
      const { code } = await issue('bob', { minutes: 10, isOnce: false });
      clock.advance({ minutes: 10 });
      return code;
    },
    'that was taken back': async () => {
      const { code } = await issue('bob');
      await office().passes.revoke('bob');
      return code;
    },
    'that a newer one replaced': async () => {
      const { code } = await issue('bob');
      await issue('bob');
      return code;
    },
    'of an account that is disabled': async () => {
      const { code } = await issue('bob');
      await house.disable('bob', true);
      return code;
    },
    'that policy allows no more': async () => {
      const { code } = await issue('bob');
      await office().policy.set(`methods.${KIND}.signIn`, false, { reason: 'off' });
      clock.advance({ seconds: 6 });
      return code;
    },
    'that its owner disowned': async () => {
      const { code } = await issue('bob');
      await settled();
      const [mail] = post.mails;
      const mailbox = house.visitor();
      await mailbox.opens(/^https?:\S+$/m.exec(mail?.mail.text ?? '')?.[0] ?? '');
      await mailbox.says({});
      expect(mailbox.sees()).to.equal('not-me/done');
      return code;
    },
  };
  for (const [title, prepare] of Object.entries(refused)) {
    it(`opens nothing where it is one ${title}`, async () => {
      const code = await prepare();
      const bob = await signsIn('bob', code);
      expect(bob.sees()).to.equal(ASKED);
      expect(bob.reads()).to.match(WRONG);
      expect(await told()).not.to.include('pass.used');
    });
  }

  it('opens as often as it is wanted to, in its time', async () => {
    const { code } = await issue('bob', { isOnce: false, minutes: 10 });
    for (const _ of [1, 2]) expect((await signsIn('bob', code)).sees()).to.equal(PAGE);
    clock.advance({ minutes: 10 });
    expect((await signsIn('bob', code)).reads()).to.match(WRONG);
  });

  it(`opens once, also where ${soak.atOnce} browsers type it at the same moment (R-05)`, async () => {
    const { code } = await issue('bob');
    const visitors = await atOnce(soak.atOnce, async () => {
      const visitor = house.visitor('bob');
      await visitor.opens(await house.shop.signIn());
      await visitor.says({ identifier: 'bob' });
      return visitor;
    });
    await Promise.all(
      visitors.map((one) => sends(one, one.formFor('form[data-step]'), { password: code })),
    );
    await Promise.all(visitors.map((one) => one.reloads()));
    expect(visitors.filter((one) => one.sees() === PAGE)).to.have.length(1);
    expect((await told()).filter((name) => name === 'pass.used')).to.have.length(1);
  });

  it('gives whoever has no password one, before anything else', async () => {
    await withoutPassword('bob');
    const { code } = await issue('bob');
    const bob = await signsIn('bob', code);
    expect(bob.sees()).to.equal(PAGE);
    expect(bob.reads()).to.contain('You have no password yet.');
    expect(bob.html().querySelector('form[action$="/keep-password"]')).to.equal(null);
    for (const act of ['keep-password', 'continue', 'consent']) {
      const answer = await posts(bob, act, {});
      expect(answer.headers.get('location'), act).to.equal(`/sign-in/${uidOf(bob)}`);
    }
    await bob.reloads();
    expect(bob.sees()).to.equal(PAGE);
    await bob.says(twice(NEW));
    bob.landed();
    clock.advance({ minutes: 1 });
    expect((await signsIn('bob', NEW)).sees()).to.equal('methods/text/answer');
  });

  it('proves nothing that withstands phishing: a key may be set up, or the app hears so', async () => {
    const first = await signsIn('cleo', (await issue('cleo')).code, { acr_values: 'phr' });
    expect(first.sees(), 'nothing yet').to.equal('sign-in/enrol-intro');
    const bob = await signsIn('bob', (await issue('bob')).code, { acr_values: 'phr' });
    expect(bob.sees()).to.equal('sign-in/no-way');
    await bob.presses('cancel');
    expect(bob.landed().searchParams.get('error')).to.equal('unmet_authentication_requirements');
  });

  it('tells nobody who has one: the same pages, headers and counts as without', async () => {
    await issue('ada');
    await withoutPassword('bob');
    await issue('bob');
    const looks = await Promise.all(
      (['ada', 'bob', 'cleo'] as const).map(async (name) => {
        const visitor = house.visitor(name);
        await visitor.opens(await house.shop.signIn());
        await visitor.says({ identifier: name });
        const seen = [lookOf(visitor, name)];
        for (const typed of ['2ABC-3DEF-4GHJ', 'a wrong password', '2ABC-3DEF-4GHJ', 'x']) {
          await visitor.says({ password: typed });
          seen.push(lookOf(visitor, name));
        }
        return seen;
      }),
    );
    expect(looks[0]).to.deep.equal(looks[2]);
    expect(looks[1]).to.deep.equal(looks[2]);
    const counts = await Promise.all(
      ['id-ada', 'id-bob', 'id-cleo'].map(async (id) => {
        const { tallies } = (await accountIn(house, id)).attempts;
        return Object.entries(tallies).map(([key, { streak }]) => [key, streak]);
      }),
    );
    expect(counts[0]).to.deep.equal(counts[2]);
    expect(counts[1]).to.deep.equal(counts[2]);
  });

  it('is of use after an attack: others’ guesses hold nobody up who has a new one', async () => {
    const thief = house.visitor('bob');
    await thief.opens(await house.shop.signIn());
    await thief.says({ identifier: 'bob' });
    for (let count = 0; count < 5; count += 1) await thief.says({ password: 'a wrong password' });
    expect((await signsIn('bob', people.bob.password)).status()).to.equal(429);
    const { code } = await issue('bob');
    expect((await signsIn('bob', code)).sees()).to.equal(PAGE);
  });

  it('is a row of My account with its end, nothing to rely on, and goes with Delete', async () => {
    const { endsAt } = await issue('bob', { isOnce: false });
    const bob = await atAccount('bob');
    expect(rowsOn(bob)).to.include('Temporary access pass');
    expect(bob.reads())
      .to.contain('Can be used until ')
      .and.contain(String(endsAt.getUTCFullYear()));
    expect(bob.reads()).to.contain('You have only one method for signing in.');
    const held = (await accountIn(house, 'id-bob')).credentials.find(({ kind }) => kind === KIND);
    await begin(bob, 'remove', held?.id);
    await bob.presses('remove');
    expect(rowsOn(bob)).not.to.include('Temporary access pass');

    await issue('bob', { minutes: 10 });
    clock.advance({ minutes: 10 });
    await bob.opens('/account');
    expect(rowsOn(bob), 'over').not.to.include('Temporary access pass');
  });

  async function atAccount(name: PersonName, typed?: string): Promise<Visitor> {
    const visitor = house.visitor(name);
    await visitor.opens('/account');
    await visitor.identifies(typed);
    if (visitor.sees() === 'methods/text/answer') {
      await visitor.says({ code: house.carrier.lastCode(people.bob.phone) });
    }
    if (visitor.sees() === PAGE) await visitor.presses('keep-password');
    expect(visitor.sees(), visitor.reads()).to.equal('account/security-info');
    return visitor;
  }

  it('lets its owner set up a method and change the password, where the others are lost', async () => {
    const { code } = await issue('bob');
    const bob = await atAccount('bob', code);
    await begin(bob, 'add');
    await bob.says({ method: 'code' });
    const seed = bob.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await bob.says({ code: appCode(seed) });
    expect((await accountIn(house, 'id-bob')).credentials.map(({ kind }) => kind)).to.include(
      'app',
    );

    await bob.opens('/account');
    await begin(bob, 'password');
    expect(bob.sees(), 'not the old one').to.equal('security-info/new-password');
    await bob.says(twice(NEW));
    expect(bob.reads()).to.contain('Your password is changed.');
  });

  it('is asked on a page of its own in its owner’s session, and listed nowhere before', async () => {
    const { code } = await issue('bob', { isOnce: false });
    const stranger = await house.atSecondStep('bob');
    expect(stranger.sees()).to.equal('methods/text/answer');
    expect(stranger.html().querySelector('form[action$="/another-way"]')).to.equal(null);
    await stranger.says({ code: house.carrier.lastCode(people.bob.phone) });

    await stranger.opens('/account');
    clock.advance({ minutes: 11 });
    await begin(stranger, 'add');
    await stranger.presses('another-way');
    expect(stranger.sees(), stranger.reads()).to.equal('sign-in/choose');
    await stranger.says({ method: KIND });
    expect(stranger.sees()).to.equal(`methods/${KIND}/answer`);
    await stranger.says({ code: '2ABC-3DEF-4GHJ' });
    expect(stranger.sees()).to.equal(`methods/${KIND}/answer`);
    await stranger.says({ code });
    if (stranger.sees() === PAGE) await stranger.presses('keep-password');
    expect(stranger.sees(), stranger.reads()).to.equal('security-info/choose-method');
  });
});
