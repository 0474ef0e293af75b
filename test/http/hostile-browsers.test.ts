/**
 * Other people's browsers and other people's sites: a sign-in lives in the browser that it was
 * begun in (S-022, S-164), only our own forms count (S-035), and reading changes nothing.
 */
import { expect } from 'chai';
import { parse } from 'node-html-parser';

import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { recordsOf } from '../support/records.ts';
import { signInPosts } from '../support/sign-in-posts.ts';
import type { Visitor } from '../support/visitor.ts';
import { everyWay, uidOf, ways } from '../support/at-each-step.ts';

describeHouse('Hostile browsers and sites', everyWay, (house) => {
  it('see and do nothing in a sign-in that was begun elsewhere (S-164, C-04)', async () => {
    const ada = await ways['answer, code'](house);
    const theirs = await cookieOf(ada);
    const eve = await ways.identify(house);
    const own = await cookieOf(eve);
    const before = await recordsOf(house.connection);
    const uid = uidOf(ada);
    const ownSignature = /interaction\.sig=([^;]+)/.exec(own)?.[1] ?? '';
    for (const cookie of [
      '',
      own,
      `interaction=${uid}`,
      `interaction=${uid}; interaction.sig=${ownSignature}`,
      `interaction=${uid}; interaction.sig=`,
      `interaction=${uidOf(eve)}; ${theirs.replaceAll('interaction', 'Interaction')}`,
      theirs.replace(/(interaction\.sig=.)./, '$1~'),
      theirs.replace(/interaction\.sig=[^;]+;?/, ''),
    ]) {
      const page = await eve.raw(`/sign-in/${uid}`, { headers: { cookie } });
      expect(page.status, cookie).to.equal(400);
      // Three letters may stand in any random id.
      expect(await page.text()).not.to.match(/>\s*ada\b|Lovelace|The Shop|two-step/i);
      for (const act of signInPosts) {
        const answer = await posts(eve, uid, act, { cookie, token: tokenOf(ada) });
        expect(answer.status, `${act} ${cookie}`).to.equal(400);
      }
      expect(await recordsOf(house.connection)).to.deep.equal(before);
    }
    await ada.says({ code: ada.code() });
    ada.landed();
  });

  it('post nothing from other sites, and nothing without the token (S-035)', async () => {
    for (const at of ['identify', 'answer, password', 'choose', 'consent'] as const) {
      const visitor = await ways[at](house);
      const stranger = await ways.identify(house);
      const token = tokenOf(visitor);
      const before = await recordsOf(house.connection);
      for (const [what, forged] of Object.entries<Forged>({
        'no token': { token: undefined },
        'an empty token': { token: '' },
        'a shorter token': { token: token.slice(0, -1) },
        'a longer token': { token: `${token}A` },
        'a changed token': { token: token.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')) },
        "another sign-in's token": { token: tokenOf(stranger) },
        'another site': { token, headers: { 'sec-fetch-site': 'cross-site' } },
        'a sister site': { token, headers: { 'sec-fetch-site': 'same-site' } },
        'no site': { token, headers: { 'sec-fetch-site': 'none' } },
        'another origin': { token, headers: { origin: 'https://evil.example' } },
        'no origin': { token, headers: { origin: 'null' } },
        'another scheme': { token, headers: { origin: house.issuer.replace('http:', 'https:') } },
        'another port': { token, headers: { origin: `${house.issuer}0` } },
      })) {
        for (const act of signInPosts) {
          const answer = await posts(visitor, uidOf(visitor), act, forged);
          expect(answer.status, `${at}: ${act} with ${what}`).to.equal(403);
        }
        expect(await recordsOf(house.connection), what).to.deep.equal(before);
      }
    }
  });

  it('change nothing by reading, however often and whatever (S-035)', async () => {
    for (const way of Object.values(ways)) {
      const visitor = await way(house);
      const links = visitor
        .html()
        .querySelectorAll('a[href^="/"], link[href^="/"], form[action^="/"]')
        .map(({ attributes }) => attributes.href ?? attributes.action ?? '');
      const before = await recordsOf(house.connection);
      const sent = house.carrier.texts.length;
      for (const path of new Set([visitor.at().pathname, ...links, '/', '/help', '/readyz'])) {
        for (const method of ['GET', 'HEAD', 'GET']) {
          const answer = await visitor.raw(path, { method });
          expect(answer.status, path).to.be.oneOf([200, 304, 405]);
          await answer.text();
        }
      }
      expect(await recordsOf(house.connection)).to.deep.equal(before);
      expect(house.carrier.texts).to.have.length(sent);
      clock.advance({ days: 1 });
    }
  }).timeout(60_000);

  it('learn nothing about anybody between the password and the second step (S-020, C-25)', async () => {
    const ada = await ways['answer, code'](house);
    const known = /Lovelace|ada@example|7700 ?900|id-ada/;
    for (const path of [ada.at().pathname, '/', '/help', '/me', '/session/end', '/auth']) {
      const answer = await ada.raw(path);
      expect(await answer.text(), path).not.to.match(known);
    }
    for (const prompt of ['none', 'login', 'select_account']) {
      await ada.opens(await house.shop.signIn({ prompt }));
      expect(ada.html().toString(), prompt).not.to.match(known);
      expect(ada.sees(), prompt).to.match(/sign-in\/identify|error=login_required/);
    }
  });

  it('gain nothing by changing any byte of a cookie (S-167, C-44)', async () => {
    const ada = await ways.consent(house);
    const pending = await cookieOf(ada);
    for (const changed of changedCookies(pending, /^interaction/)) {
      const page = await ada.raw(ada.at(), { headers: { cookie: changed } });
      expect(page.status, changed).to.equal(400);
    }
    await ada.presses('consent');
    const silent = (await house.shop.signIn({ prompt: 'none' })).href;
    const whole = await ada.jar.getCookieString(house.issuer);
    const comesBackWith = async (cookie: string): Promise<string> =>
      (await ada.raw(silent, { headers: { cookie } })).headers.get('location') ?? '';
    expect(await comesBackWith(whole)).to.match(/[?&]code=/);
    for (const changed of changedCookies(whole, /^session/)) {
      expect(await comesBackWith(changed), changed).to.match(/login_required/);
    }
    // A browser whose memory was altered is a new one.
    const picker = (await house.shop.signIn({ prompt: 'select_account' })).href;
    const begun = await ada.raw(picker);
    const at = begun.headers.get('location') ?? '';
    const remembered = await ada.jar.getCookieString(new URL(at, house.issuer).href);
    for (const changed of ['', ...changedCookies(remembered, /^browser$/)]) {
      const cookie = changed || remembered;
      const page = parse(await (await ada.raw(at, { headers: { cookie } })).text());
      const name = page.querySelector('main')?.getAttribute('data-page');
      expect(name, changed).to.equal(changed ? 'sign-in/identify' : 'sign-in/pick-account');
    }
  });

  it('keep two sign-ins of one browser apart (S-029)', async () => {
    const first = await ways['answer, code'](house);
    const form = first.formFor('form[data-step="answer"]');
    const firstUid = uidOf(first);
    await first.opens(await house.shop.signIn());
    expect(first.sees()).to.equal('sign-in/identify');
    expect(uidOf(first)).to.not.equal(firstUid);
    await first.submit(form, { code: first.code() });
    first.landed();
    expect(uidOf(first)).to.equal(firstUid);
  });
});

/** These cookies, with one character after the other of the named ones changed. */
function changedCookies(whole: string, named: RegExp): string[] {
  const pairs = whole.split('; ');
  return pairs.flatMap((pair, index) => {
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    if (!named.test(name)) return [];
    return Array.from(value, (character, at) => {
      const other = character === 'x' ? 'y' : 'x';
      const changed = `${name}=${value.slice(0, at)}${other}${value.slice(at + 1)}`;
      return pairs.toSpliced(index, 1, changed).join('; ');
    });
  });
}

interface Forged {
  readonly token: string | undefined;
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function posts(
  visitor: Visitor,
  uid: string,
  act: string,
  { token, cookie, headers }: Forged,
): Promise<Response> {
  return visitor.raw(`/sign-in/${uid}/${act}`, {
    method: 'POST',
    body: new URLSearchParams({
      ...(token !== undefined && { _csrf: token }),
      ...{ identifier: 'bob', method: 'text', credential: 'phone', stay: 'true' },
    }),
    headers: { ...(cookie !== undefined && { cookie }), ...headers },
  });
}

const tokenOf = (visitor: Visitor): string =>
  visitor.html().querySelector('[name="_csrf"]')?.getAttribute('value') ?? '';

const cookieOf = (visitor: Visitor): Promise<string> =>
  visitor.jar.getCookieString(visitor.at().href);
