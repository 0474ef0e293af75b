/**
 * What stays behind: nothing in the log or in the database gives a secret away (S-016, S-064,
 * S-076, S-214), and nobody writes lines of their own into the log (S-215, C-17).
 */
import { expect } from 'chai';

import { makeSecrets } from '../../src/config/own-secrets.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { appCode, people } from '../support/people.ts';
import { recordsOf } from '../support/records.ts';

const ODD = 'ada"}\r\n{"level":"error","event":"forged"}\u001b[2J\u2028\u0007';
const WRONG = 'a wrong password, typed twice';

describe('What a sign-in leaves behind', () => {
  let house: House;
  const secrets = new Map<string, string>();

  before(async () => {
    house = await openHouse({ log: { level: 'trace' } });
    await signsInByText();
    await setsUpAnApp();
    await failsOddly();
  });
  after(() => house.close());

  async function signsInByText(): Promise<void> {
    const bob = house.visitor('bob');
    await bob.opens(await house.shop.signIn());
    secrets.set('token of a form', tokenOf(bob.html().toString()));
    await bob.says({ identifier: 'bob' });
    await bob.says({ password: WRONG });
    await bob.says({ password: people.bob.password, stay: 'true' });
    const code = house.carrier.lastCode(people.bob.phone);
    await bob.says({ code: code === '314159' ? '314158' : '314159' });
    const interaction = await bob.jar.getCookieString(bob.at().href);
    await bob.says({ code });
    const session = await bob.jar.getCookieString(house.issuer);
    for (const [name, value] of pairsOf(`${interaction}; ${session}`)) {
      // A sign-in goes by the uid that its cookie holds, and is nothing without the signature.
      if (name !== 'interaction') secrets.set(`cookie ${name}`, value);
    }
    secrets.set('texted code', code);
    secrets.set('authorization code', bob.landed().searchParams.get('code') ?? '');
    const tokens = await house.shop.welcome(bob.landed());
    secrets.set('access token', tokens.access_token);
    secrets.set('ID token', tokens.id_token ?? '');
  }

  async function setsUpAnApp(): Promise<void> {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'code' });
    const seed = cleo.html().querySelector('.secret')?.text.replaceAll(/\s/g, '') ?? '';
    secrets.set('seed', seed);
    secrets.set('code of the app', appCode(seed));
    await cleo.says({ code: appCode(seed) });
    for (const [index, item] of cleo.html().querySelectorAll('main li').entries()) {
      secrets.set(`recovery code ${index}`, item.text.trim());
      secrets.set(`recovery code ${index}, as it is typed`, item.text.trim().replaceAll('-', ''));
    }
  }

  async function failsOddly(): Promise<void> {
    clock.advance({ minutes: 1 });
    const eve = house.visitor();
    await eve.opens(await house.shop.signIn());
    const form = eve.formFor('form[data-step]');
    await eve.raw(form.getAttribute('action') ?? '', {
      method: 'POST',
      body: new URLSearchParams({ _csrf: tokenOf(form.toString()), identifier: ODD }),
      headers: { 'user-agent': '{"level":"error","event":"forged"}', referer: '"forged"' },
    });
    await eve.reloads();
    await eve.says({ password: WRONG });
    await eve.raw(`/auth?client_id=${encodeURIComponent(ODD)}&redirect_uri=forged`);
    await eve.raw('/me', { headers: { authorization: 'Bearer forged-by-eve' } });
    house.carrier.answers(500);
    await house.atSecondStep('bob');
    const { carrier } = house;
    secrets.set('code that no carrier took', carrier.lastCode(people.bob.phone, carrier.refused));
  }

  for (const [name, person] of Object.entries(people)) {
    secrets.set(`password of ${name}`, person.password);
  }
  secrets.set('wrong password', WRONG);
  secrets.set('secret of an app', 'shop-secret-with-32-bytes-and-more');

  it('has as many secrets as this test thinks', () => {
    expect([...secrets.keys()].filter((name) => !secrets.get(name))).to.deep.equal([]);
    expect([...secrets.keys()].join()).to.match(/cookie session,|cookie session.sig/);
    expect(secrets.size).to.be.above(30);
  });

  it('is one line of JSON for each event, with its time, its name and ids', async () => {
    const lines = await linesOf();
    const events = lines.map((line) => line.event);
    for (const event of ['challenge.answered', 'sign-in.finished', 'message.failed']) {
      expect(events).to.include(event);
    }
    for (const line of lines) {
      expect(line.time).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(line.event).to.match(/^[a-z-]+\.[a-z-]+$/);
    }
    const wrong = lines.filter(
      ({ event, outcome }) => event === 'challenge.answered' && outcome === 'failed',
    );
    expect(wrong.length, 'bob twice, eve once').to.equal(3);
    expect(wrong[0]).to.include({ account: 'id-bob', method: 'password' });
  });

  it('holds no secret in the log, and nobody’s number', async () => {
    const log = await house.logged();
    for (const [name, secret] of secrets) expect(log, name).not.to.contain(secret);
    expect(log).not.to.contain(people.bob.phone.slice(3));
  });

  it('shows what somebody wrote only where it was refused, and never what a token said', async () => {
    const others = (await linesOf()).filter(({ event }) => event !== 'request.refused');
    expect(JSON.stringify(others)).not.to.contain('forged');
    const log = await house.logged();
    expect(log).not.to.contain('forged-by-eve');
    // eslint-disable-next-line no-control-regex -- these are what is looked for
    expect(log).not.to.match(/[\u0000-\u0009\u000b-\u001f\u2028\u2029]/);
  });

  it('holds no secret in the database as it was typed, shown or sent', async () => {
    const records = Object.entries(await recordsOf(house.connection));
    expect(records.flatMap(([, lines]) => lines)).to.have.length.above(10);
    for (const [model, lines] of records) {
      for (const [name, secret] of secrets) {
        const found = lines.find((line) => line.includes(secret));
        expect(found, `${name} in ${model}`).to.equal(undefined);
      }
    }
  });

  const linesOf = async (): Promise<Record<string, unknown>[]> =>
    (await house.logged())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
});

const tokenOf = (html: string): string => /name="_csrf" value="([^"]+)"/.exec(html)?.[1] ?? '';

const pairsOf = (cookies: string): [string, string][] =>
  cookies.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.join('=')];
  });

describe('What a start leaves behind', () => {
  it('says in one line of each process that there are no pushes without a key for them', async () => {
    const { vapidKey: _, ...secrets } = await makeSecrets();
    const house = await openHouse({ secrets, log: { level: 'info' } });
    const lines = (await house.logged()).split('\n').filter((line) => line.includes('pushes.off'));
    expect(lines).to.have.lengthOf(2); // two processes
    await house.close();
  });
});
