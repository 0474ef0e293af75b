/**
 * A password that others may know (S-017): the next sign-in leads to a page where another one is
 * chosen, after every second step that the account has and before anything is granted; and
 * whatever a stranger began with the old one ends there.
 */
import { expect } from 'chai';

import { atOnce, sends } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import {
  type Fields,
  NEW,
  OFFLINE,
  openStory,
  OTHER,
  PAGE,
  posts,
  tokenOf,
  twice,
} from '../support/password-story.ts';
import { appCode, people } from '../support/people.ts';
import { recordsOf } from '../support/records.ts';
import { uidOf } from '../support/at-each-step.ts';

describe('A password that others may know', () => {
  const story = openStory('everyone');

  it('is changed before anything is granted, and then the way goes on', async () => {
    await story.marks('ada');
    const before = await story.granted();
    const ada = await story.house.atSecondStep('ada', OFFLINE);
    expect(ada.sees()).to.equal('methods/code/answer');
    await ada.says({ code: ada.code() });
    expect(ada.sees()).to.equal(PAGE);
    expect(ada.reads()).to.match(/someone else may know/i);
    expect(ada.reads()).to.match(/at least 8 characters/i);

    for (const act of ['consent', 'continue', 'saved', 'answer', 'choose', 'add']) {
      const answer = await posts(ada, act, { stay: 'true', identifier: 'ada', method: 'text' });
      expect(answer.headers.get('location'), act).to.equal(`/sign-in/${uidOf(ada)}`);
    }
    await ada.reloads();
    expect(ada.sees()).to.equal(PAGE);
    const elsewhere = await ada.raw(await story.house.shop.signIn({ prompt: 'none' }));
    expect(elsewhere.headers.get('location')).to.contain('error=login_required');
    expect(await story.granted(), 'no session, no grant, no code').to.deep.equal(before);

    await ada.says(twice(NEW));
    expect(ada.sees()).to.equal('sign-in/consent');
    await ada.says({});
    const claims = await story.house.shop.claims(ada.landed());
    expect(claims.amr).to.have.members(['pwd', 'otp', 'mfa']);
    await ada.opens(await story.house.shop.signIn({ prompt: 'none' }));
    expect(ada.landed().searchParams.get('code'), 'silently, from now on').to.be.a('string');

    clock.advance({ minutes: 2 });
    const old = await story.signsIn('ada', people.ada.password);
    expect(old.reads()).to.match(/wrong user name or password/i);
    const again = await story.signsIn('ada', NEW);
    expect(again.landed().searchParams.get('code'), 'and never asked again').to.be.a('string');
  });

  it('is told of: to the audit, by whom and why, and to its owner', async () => {
    await story.marks('bob');
    const bob = await story.bobAtNewPassword();
    await bob.says(twice(NEW));
    clock.advance({ minutes: 1 });
    const told = await story.told();
    const due = told.find(({ name }) => name === 'password.change-required');
    const changed = told.find(({ name }) => name === 'password.changed');
    expect(due).to.include({ by: 'command-line', account: 'id-bob', reason: 'in a leak' });
    expect(changed).to.include({ by: 'id-bob', account: 'id-bob' });
    expect(changed?.from).to.include({ client: 'shop' });
    expect(told.filter(({ name }) => name === 'password.changed')).to.have.length(1);
    await story.house.settles();
    expect(story.mailsTo('bob')).to.have.members([
      'Doorstep: Your password was changed',
      'Doorstep: New sign-in to your account',
    ]);
    expect(JSON.stringify(told)).not.to.contain(NEW);
  });

  const long = 'x'.repeat(257);
  const flaws: readonly (readonly [why: string, typed: Fields, said: RegExp])[] = [
    ['typed differently', { password: NEW, repeated: OTHER }, /not the same/],
    ['empty', twice(''), /too short/],
    ['seven characters', twice('seven77'), /too short.*8 characters/],
    ['four hearts, eight units', twice('🩵'.repeat(4)), /too short/],
    ['257 characters', twice(long), /too long/],
    ['a common one', twice('Password123'), /many people/i],
    ['her mail address', twice('ADA@example.org'), /name that others know/],
    ['the one that others know', twice(people.ada.password), /password you have now/],
  ];

  it('is kept out of pages and records, and what was proved is kept, after every flaw', async () => {
    await story.marks('ada');
    const ada = await story.house.atSecondStep('ada');
    await ada.says({ code: ada.code() });
    const before = await story.passwordOf('ada');
    for (const [why, typed, said] of flaws) {
      await ada.says(typed);
      expect(ada.sees(), why).to.equal(PAGE);
      expect(ada.reads(), why).to.match(said);
      const page = ada.html().toString();
      for (const secret of Object.values(typed).filter((text) => text.length > 6)) {
        expect(page, why).not.to.contain(secret);
        const records = JSON.stringify(await recordsOf(story.house.connection));
        if (!secret.includes('@')) expect(records, why).not.to.contain(secret);
      }
      expect(await story.passwordOf('ada'), why).to.equal(before);
    }
    // What no page of ours sends is no password either, and harms nothing.
    const broken: readonly (readonly [fields: Fields | string, status: number])[] = [
      [{ repeated: NEW }, 400],
      ['password=a&password=b&repeated=a', 400],
      [{ 'password[$ne]': 'x', repeated: 'x' }, 400],
      [twice('x'.repeat(5000)), 400],
      [twice('x'.repeat(20_000)), 413],
      [twice(`${NEW}\0`), 400],
      [{ ...twice(NEW), _csrf: 'not this one' }, 403],
    ];
    for (const [fields, status] of broken) {
      const answer = await posts(ada, 'new-password', fields);
      expect(answer.status, JSON.stringify(fields).slice(0, 60)).to.equal(status);
    }
    expect(await story.passwordOf('ada')).to.equal(before);
    await ada.reloads();
    await ada.says({ ...twice(NEW), account: 'id-bob', username: 'bob', hash: 'x' });
    ada.landed();
    expect(await story.passwordOf('ada')).not.to.equal(before);
  });

  it('is not changed by whoever knows it alone, with any step open or none', async () => {
    await story.marks('ada');
    const stranger = await story.house.atSecondStep('ada');
    const before = await recordsOf(story.house.connection);
    await posts(stranger, 'new-password', twice(NEW));
    expect(await recordsOf(story.house.connection)).to.deep.equal(before);
    await stranger.presses('another-way');
    const chosen = await recordsOf(story.house.connection);
    await posts(stranger, 'new-password', twice(NEW));
    expect(await recordsOf(story.house.connection)).to.deep.equal(chosen);
    await stranger.presses('restart');
    await posts(stranger, 'new-password', twice(NEW));
    await stranger.reloads();
    expect(stranger.sees()).to.equal('sign-in/identify');
  });

  it('is proved anew after the page was left for another start, or too late', async () => {
    await story.marks('bob');
    const bob = await story.bobAtNewPassword();
    await bob.presses('restart');
    expect(bob.sees()).to.equal('sign-in/identify');
    clock.advance({ minutes: 2 });
    await bob.identifies();
    await bob.says({ code: story.house.carrier.lastCode(people.bob.phone) });
    expect(bob.sees()).to.equal(PAGE);
    clock.advance({ minutes: 10 });
    const before = await story.passwordOf('bob');
    await bob.says(twice(NEW));
    expect(bob.sees()).to.equal('sign-in/expired');
    expect(await story.passwordOf('bob')).to.equal(before);
  });

  it('is changed once, however often the form is sent at once', async () => {
    await story.marks('bob');
    const bob = await story.bobAtNewPassword(OFFLINE);
    const form = bob.formFor('form[data-step]');
    const answers = await atOnce(6, (index) => sends(bob, form, twice(index % 2 ? NEW : OTHER)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(6).fill(303));
    await bob.reloads();
    expect(bob.sees()).to.equal('sign-in/consent');
    const told = await story.told();
    expect(told.filter(({ name }) => name === 'password.changed')).to.have.length(1);

    const after = await story.passwordOf('bob');
    await sends(bob, form, twice('something else entirely'));
    expect(await story.passwordOf('bob'), 'an old page changes nothing').to.equal(after);
    await bob.reloads();
    await bob.presses('consent');
    expect(bob.landed().searchParams.get('code')).to.be.a('string');
  });

  it('loses to whoever changed the account meanwhile', async () => {
    await story.marks('bob');
    const bob = await story.bobAtNewPassword();
    await story.office().passwords.set('bob', { password: OTHER });
    const after = await story.passwordOf('bob');
    await bob.says(twice(NEW));
    expect(await story.passwordOf('bob')).to.equal(after);
    expect(bob.sees(), 'the new one is asked for').to.equal('sign-in/begin');
    await bob.says({});
    clock.advance({ minutes: 2 });
    await bob.reloads();
    await bob.says({ password: OTHER });
    await bob.says({ code: story.house.carrier.lastCode(people.bob.phone) });
    bob.landed();
  });

  it('is no business of somebody who is kept out meanwhile', async () => {
    await story.marks('bob');
    const bob = await story.bobAtNewPassword();
    await story.house.disable('bob', true);
    const before = await story.passwordOf('bob');
    await bob.says(twice(NEW));
    expect(await story.passwordOf('bob')).to.equal(before);
    expect(bob.landed().searchParams.get('error')).to.equal('access_denied');
  });

  it('is changed by nobody in the name of somebody else', async () => {
    await story.marks('ada');
    await story.marks('bob');
    const bob = await story.bobAtNewPassword();
    const before = await story.passwordOf('ada');
    await posts(bob, 'identify', { identifier: 'ada' });
    await bob.says({ ...twice(NEW), identifier: 'ada', account: 'id-ada', _id: 'id-ada' });
    expect(await story.passwordOf('ada')).to.equal(before);
    expect((await story.accountOf('ada'))?.passwordChangeDueAt).to.be.a('date');
    const stranger = story.house.visitor('ada');
    const foreign = await stranger.raw(`/sign-in/${uidOf(bob)}/new-password`, {
      method: 'POST',
      body: new URLSearchParams({ _csrf: tokenOf(bob), ...twice(OTHER) }),
    });
    expect(foreign.status).to.equal(400);
  });

  it('is changed after the first second step was set up, where one is needed', async () => {
    await story.marks('cleo');
    const cleo = await story.house.atSecondStep('cleo');
    expect(cleo.sees()).to.equal('sign-in/enrol-intro');
    await cleo.says({});
    await cleo.says({ method: 'code' });
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    await cleo.says({ code: appCode(seed) });
    expect(cleo.sees()).to.equal('adding/recovery-codes');
    await cleo.says({});
    expect(cleo.sees()).to.equal(PAGE);
    await cleo.says(twice(NEW));
    expect(cleo.landed().searchParams.get('code')).to.be.a('string');
  });

  it('is asked for again, and changed, when it became known in the middle of a sign-in', async () => {
    const bob = await story.house.atSecondStep('bob', OFFLINE);
    await bob.says({ code: story.house.carrier.lastCode(people.bob.phone) });
    expect(bob.sees()).to.equal('sign-in/consent');
    await story.marks('bob');
    await bob.presses('consent');
    expect(bob.sees()).to.equal('sign-in/begin');
    await bob.says({});
    clock.advance({ minutes: 2 });
    await bob.reloads();
    await bob.says({ password: people.bob.password });
    await bob.says({ code: story.house.carrier.lastCode(people.bob.phone) });
    expect(bob.sees()).to.equal(PAGE);
  });

  it('ends all sessions, tokens and sign-ins that were begun with it, and no others', async () => {
    const stranger = await story.signsIn('ada', people.ada.password, OFFLINE);
    const { refresh_token: token = '' } = await story.house.shop.welcome(stranger.landed());
    clock.advance({ minutes: 2 });
    const mine = await story.signsIn('ada', people.ada.password);
    expect(mine.landed().searchParams.get('code')).to.be.a('string');
    clock.advance({ minutes: 2 });
    const waiting = await story.house.atSecondStep('ada');

    await story.marks('ada');
    for (const one of [stranger, mine]) {
      await one.opens(await story.house.shop.signIn({ prompt: 'none' }));
      expect(one.landed().searchParams.get('error'), 'not silently').to.equal('login_required');
    }
    clock.advance({ minutes: 2 });
    await mine.opens(await story.house.shop.signIn());
    expect(mine.sees(), 'known since before, so all of it anew').to.equal(
      'methods/password/answer',
    );
    await mine.says({ password: people.ada.password });
    await mine.says({ code: mine.code() });
    expect(mine.sees()).to.equal(PAGE);
    await mine.says(twice(NEW));
    expect(mine.landed().searchParams.get('code'), 'in the session it had').to.be.a('string');
    expect((await story.house.shop.claims(mine.landed())).sub).to.equal('id-ada');

    await mine.opens(await story.house.shop.signIn({ prompt: 'none' }));
    expect(mine.landed().searchParams.get('code')).to.be.a('string');
    await stranger.opens(await story.house.shop.signIn({ prompt: 'none' }));
    expect(stranger.landed().searchParams.get('error')).to.equal('login_required');
    const { issuer } = story.house;
    const refreshed = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa('shop:shop-secret-with-32-bytes-and-more')}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
    });
    expect(await refreshed.json()).to.include({ error: 'invalid_grant' });

    clock.advance({ minutes: 1 });
    await waiting.says({ code: waiting.code() });
    expect(waiting.sees(), 'what it proved is worth nothing').to.equal('methods/password/answer');
    await waiting.says({ password: people.ada.password });
    expect(waiting.reads()).to.match(/wrong user name or password/i);
  });
});
