import { expect } from 'chai';

import { administrationOf } from '../support/administration.ts';
import { hiddenFields } from '../support/at-once.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';
import { flowOf } from '../support/at-each-step.ts';

describe('Around a sign-in', () => {
  let house: House;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  beforeEach(() => clock.advance({ minutes: 30 }));

  async function signedIn({ stay = false } = {}): Promise<Visitor> {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.identifies(undefined, { stay });
    await ada.says({ code: ada.code() });
    return ada;
  }

  it('goes on after a restart in the middle, with the text that was sent before (R-09)', async () => {
    const bob = await house.atSecondStep('bob');
    const code = house.carrier.lastCode('+14255550134');
    await house.restart();
    await bob.reloads();
    expect(bob.sees()).to.equal('methods/text/answer');
    await bob.says({ code });
    expect((await house.shop.claims(bob.landed())).sub).to.equal('id-bob');
    await house.restart();
    await bob.opens(await house.shop.signIn());
    expect((await house.shop.claims(bob.landed())).sub).to.equal('id-bob');
  });

  it('is silent for a session that is strong and fresh enough', async () => {
    const ada = await signedIn();
    await ada.opens(await house.shop.signIn());
    expect((await house.shop.claims(ada.landed())).acr).to.equal('urn:doorstep:acr:mfa');
  });

  it('ends a session that was not to stay after a day, and one that was after 30', async () => {
    const [leaving, staying] = [
      await signedIn(),
      await (clock.advance({ minutes: 1 }), signedIn({ stay: true })),
    ];
    clock.advance({ hours: 24 });
    await leaving.opens(await house.shop.signIn());
    expect(leaving.sees()).to.equal('sign-in/pick-account');
    await staying.opens(await house.shop.signIn());
    expect(staying.sees()).to.equal('methods/code/answer');
    clock.advance({ days: 29 });
    await staying.opens(await house.shop.signIn());
    expect(staying.sees()).to.equal('sign-in/pick-account');
  });

  it('asks beside the password whether to stay, and writes nothing more for that', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: 'ada' });
    const { version } = await flowStored(house, ada);
    await ada.says({ password: 'not hers', stay: 'true' });
    const after = await flowStored(house, ada);
    expect(after.facts, 'though it was wrong').to.include({ remember: true });
    // One write spends the attempt, the other says that it was wrong.
    expect(after.version).to.equal(version + 2);
    await ada.says({ password: 'ada walks to the lighthouse' });
    expect((await flowStored(house, ada)).facts, 'taken back').to.include({ remember: false });
  });

  it('shows the accounts that this browser knows, and lets another one in', async () => {
    const ada = await signedIn();
    await ada.opens(await house.shop.signIn({ prompt: 'select_account' }));
    expect(ada.sees()).to.equal('sign-in/pick-account');
    expect(ada.reads()).to.contain('Ada Lovelace');
    await ada.presses('other-account');
    expect(ada.sees()).to.equal('sign-in/identify');
    await ada.presses('known-accounts');
    expect(ada.sees()).to.equal('sign-in/pick-account');
    await ada.says({ identifier: 'ada' });
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
  });

  it('offers no account that was deleted, and whoever is left', async () => {
    const office = administrationOf(house);
    const finn = { ...people.ada, username: 'finn', password: 'a pond with geese' };
    await office.accounts.create({ username: finn.username }, finn.password);
    await office.methods.addApp(finn.username, { secret: finn.seed });
    const browser = createVisitor(house.issuer, finn);
    await browser.opens(await house.shop.signIn());
    await browser.identifies();
    await browser.says({ code: browser.code() });
    const pages: string[] = [];
    for (const act of [async () => undefined, () => office.accounts.remove('finn')]) {
      await act();
      await browser.opens(await house.shop.signIn({ prompt: 'select_account' }));
      pages.push(browser.sees());
    }
    expect(pages).to.deep.equal(['sign-in/pick-account', 'sign-in/identify']);
  });

  it('signs the first account out when another one signs in', async () => {
    const ada = await signedIn();
    await ada.opens(await house.shop.signIn({ prompt: 'select_account' }));
    await ada.presses('other-account');
    await ada.says({ identifier: 'bob' });
    await ada.says({ password: 'bob bakes bread on sundays' });
    await ada.says({ code: house.carrier.lastCode('+14255550134') });
    // The library's own page, which submits itself where there is script.
    while (ada.sees().startsWith('status')) await ada.submit(ada.formFor('form'), {});
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-bob');
    await ada.opens(await house.shop.signIn());
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-bob');
  });

  it('fills in the name that the app hints at', async () => {
    const ada = house.visitor();
    await ada.opens(await house.shop.signIn({ login_hint: 'ada@example.org' }));
    expect(ada.html().querySelector('input[name="identifier"]')?.getAttribute('value')).to.equal(
      'ada@example.org',
    );
  });

  it('takes the longest mail address as a name, which is all that the field takes', async () => {
    const longest = `${'a'.repeat(64)}@${'b'.repeat(255)}`;
    const somebody = house.visitor('ada');
    await somebody.opens(await house.shop.signIn({ login_hint: longest }));
    const field = somebody.html().querySelector('#identifier');
    expect(field?.getAttribute('maxlength')).to.equal(String(longest.length));
    expect(field?.getAttribute('value')).to.equal(longest);
    await somebody.says({ identifier: longest });
    expect(somebody.sees()).to.equal('methods/password/answer');
  });

  it('tells the app when the person gives up', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('cancel');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');
    expect(ada.landed().searchParams.get('iss')).to.equal(house.issuer);
  });

  it('asks for consent once, names what the app wants, and takes no for an answer', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.partner.signIn());
    await ada.identifies();
    await ada.says({ code: ada.code() });
    expect(ada.sees()).to.equal('sign-in/consent');
    expect(ada.reads()).to.contain('A Partner');
    await ada.presses('cancel');
    expect(ada.landed().searchParams.get('error')).to.equal('access_denied');

    clock.advance({ minutes: 1 });
    await ada.opens(await house.partner.signIn());
    await ada.says(
      ada.sees() === 'sign-in/pick-account' ? { identifier: 'ada' } : { identifier: 'ada' },
    );
    await ada.says({ password: 'ada walks to the lighthouse' });
    await ada.says({ code: ada.code() });
    await ada.presses('consent');
    expect((await house.partner.claims(ada.landed())).sub).to.equal('id-ada');

    await ada.opens(await house.partner.signIn());
    expect((await house.partner.claims(ada.landed())).sub).to.equal('id-ada');
    await ada.opens(await house.partner.signIn({ prompt: 'consent' }));
    expect(ada.sees()).to.equal('sign-in/consent');
  });

  it('goes on to the app when the last button was clicked twice (R-30)', async () => {
    const ada = await house.atSecondStep('ada');
    const form = ada.formFor('form[data-step="answer"]');
    const action = form.getAttribute('action') ?? '';
    const code = ada.code();
    const fields = new URLSearchParams({ ...hiddenFields(form), code });
    // The answer to the first click is lost, as browsers do with it.
    const headers = { origin: house.issuer, 'sec-fetch-site': 'same-origin' };
    await ada.raw(action, { method: 'POST', body: fields, headers });
    await ada.submit(form, { code });
    expect((await house.shop.claims(ada.landed())).sub).to.equal('id-ada');
  });

  it('speaks the language that the app or the browser wants', async () => {
    const ada = house.visitor();
    await ada.opens(await house.shop.signIn({ ui_locales: 'de-AT en' }));
    expect(ada.html().querySelector('html')?.getAttribute('lang')).to.equal('de');
  });
});

describe('Around a sign-in, where policy lets nobody stay', () => {
  let house: House;
  before(async () => (house = await openHouse({ policy: { rememberDays: 0 } })));
  after(() => house.close());

  it('nobody stays signed in, whatever a form says', async () => {
    const ada = house.visitor('ada');
    await ada.opens(await house.shop.signIn());
    await ada.says({ identifier: 'ada' });
    expect(ada.html().querySelector('[name="stay"]')).to.equal(null);
    await ada.says({ password: 'ada walks to the lighthouse', stay: 'true' });
    await ada.says({ code: ada.code() });
    const [session] = await ada.jar
      .getCookies(house.issuer)
      .then((cookies) => cookies.filter(({ key }) => key === 'session'));
    expect(session?.expires).to.equal('Infinity');
  });
});

const flowStored = async (house: House, visitor: Visitor) =>
  JSON.parse(await flowOf(house, visitor)) as { facts: object; version: number };
