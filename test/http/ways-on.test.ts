import { expect } from 'chai';

import { methods } from '../../src/methods/index.ts';
import { administrationOf } from '../support/administration.ts';
import { clock } from '../support/clock.ts';
import { describeHouse } from '../support/describe-house.ts';
import { trusting } from '../support/trusting.ts';
import { recordsOf } from '../support/records.ts';

describeHouse('Ways on from a page that is no step', {}, (house) => {
  const linkTo = (href: RegExp, visitor: ReturnType<typeof house.visitor>): string =>
    visitor
      .html()
      .querySelectorAll('a')
      .map((link) => link.getAttribute('href') ?? '')
      .find((address) => href.test(address)) ?? '';

  describe('from help', () => {
    it('leads back into the sign-in, from the topic of the way that was asked for', async () => {
      const ada = await house.atSecondStep('ada');
      const { pathname } = ada.at();
      const help = new URL(linkTo(/^\/help/, ada), house.issuer);
      expect(help.hash).to.equal('#code');
      await ada.opens(help);
      expect(ada.html().querySelector('#code')?.text).to.equal('The code is wrong');
      await ada.opens(linkTo(/^\/sign-in/, ada));
      expect(ada.at().pathname).to.equal(pathname);
      expect(ada.sees()).to.equal('methods/code/answer');
    });

    it('has a topic for every way that anybody here is asked by, and no other', async () => {
      const visitor = house.visitor();
      await visitor.opens('/help');
      // There is no mail here, calls are off at first, and keys know no network addresses.
      const off = ['email', 'call', 'security-key'];
      for (const id of Object.keys(methods)) {
        expect(visitor.html().getElementById(id) === null, id).to.equal(off.includes(id));
      }
      expect(visitor.reads()).not.to.contain('The mail with the code does not arrive');
    });

    it('has no topic of what policy has switched off, also from a sign-in', async () => {
      const ada = await house.atSecondStep('ada');
      const { methods: decided } = house.settings.policy;
      const off = { signIn: false };
      await trusting(house).decides({
        methods: {
          ...decided,
          text: off,
          approve: off,
        },
      });
      await ada.opens(linkTo(/^\/help/, ada));
      expect(ada.reads()).to.contain('Back to signing in').and.contain('The code is wrong');
      for (const gone of ['no-text', 'no-request', 'no-call']) {
        expect(ada.html().getElementById(gone), gone).to.equal(null);
      }
      expect(ada.html().getElementById('clock')).not.to.equal(null);
    });

    it('leads back from a problem of a sign-in, too', async () => {
      const ada = await house.atSecondStep('ada');
      const { pathname } = ada.at();
      await ada.post(`${pathname}/answer`, new URLSearchParams());
      expect(ada.sees()).to.equal('problem');
      await ada.opens(linkTo(/^\/help/, ada));
      expect(linkTo(/^\/sign-in/, ada)).to.equal(pathname);
    });

    it('leads nowhere that is no sign-in', async () => {
      const visitor = house.visitor();
      for (const back of [
        '',
        '?back=',
        '?back=//evil.example',
        '?back=..%2Fauth',
        '?back=a&back=b',
      ]) {
        await visitor.opens(`/help${back}`);
        expect(visitor.sees()).to.equal('help');
        expect(linkTo(/sign-in|evil|auth/, visitor), back).to.equal('');
      }
      await visitor.opens('/help?back=of-nobody');
      await visitor.opens(linkTo(/^\/sign-in/, visitor));
      expect(visitor.sees()).to.equal('problem');
    });
  });

  const SHOP = 'http://127.0.0.1:4999/shop/';
  const PARTNER = 'http://127.0.0.1:4999/partner/?from=start';

  /** Each process keeps what it knows of apps for five seconds. */
  async function homesAreKnown(): Promise<void> {
    await house.registers('shop', { client_uri: SHOP });
    await house.registers('partner', { client_uri: PARTNER, logo_uri: 'https://a.example/logo' });
    clock.advance({ seconds: 6 });
  }

  async function signedIn(name: 'ada' | 'bob') {
    const visitor = await house.atSecondStep(name);
    await visitor.says({ code: visitor.code() });
    visitor.landed();
    return visitor;
  }

  const appsOn = (visitor: ReturnType<typeof house.visitor>) =>
    visitor
      .html()
      .querySelectorAll('main .choice')
      .map((link) => [link.querySelector('b')?.text, link.getAttribute('href')]);

  describe('from the start page', () => {
    it('tells nobody who the apps are, until they are signed in', async () => {
      await homesAreKnown();
      const hostile = { client_id: 'x', client_uri: 'javascript:alert(1)' };
      const damaged = ['{', JSON.stringify(hostile)].map((payload, at) => ({
        ...{ _id: `Client:damaged-${at}`, kind: 'Client', payload },
      }));
      await house.connection.model('OidcRecord').insertMany(damaged);
      const stranger = house.visitor();
      await stranger.opens('/');
      expect(stranger.reads()).to.include('You are not signed in here');
      expect(appsOn(stranger)).to.deep.equal([]);

      const ada = await signedIn('ada');
      const records = () => recordsOf(house.connection);
      const before = await records();
      await ada.opens('/');
      expect(ada.reads()).to.include('You are signed in as Ada');
      expect(appsOn(ada)).to.deep.equal([
        ['A Partner', PARTNER],
        ['The Shop', SHOP],
      ]);
      expect(await records(), 'it only reads').to.deep.equal(before);
    });

    it('leads to signing out, and says afterwards that nobody is signed in', async () => {
      const ada = await signedIn('ada');
      await ada.opens('/');
      await ada.opens(linkTo(/^\/session/, ada));
      expect(ada.sees()).to.equal('sign-out/confirm');
      await ada.says({});
      expect(ada.sees()).to.equal('sign-out/done');
      await ada.opens('/');
      expect(ada.reads()).to.include('You are not signed in here');
    });

    it('knows nobody who is disabled, or was signed out everywhere', async () => {
      const ada = await signedIn('ada');
      await house.disable('ada', true);
      await ada.opens('/');
      expect(ada.reads()).to.include('You are not signed in here');
      await house.disable('ada', false);
      await ada.opens('/');
      expect(ada.reads()).to.include('You are signed in as Ada');
      const { accounts } = administrationOf(house);
      await accounts.endSessions('ada');
      await ada.opens('/');
      expect(ada.reads()).to.include('You are not signed in here');
    });
  });

  describe('from a problem', () => {
    it('leads to the app, where a sign-in is over or of another browser', async () => {
      await homesAreKnown();
      const ada = await house.atSecondStep('ada');
      const { pathname } = ada.at();
      const other = house.visitor();
      await other.opens(pathname);
      expect(other.reads()).to.include('started in another browser');
      expect(linkTo(/4999/, other)).to.equal(SHOP);
      expect(other.reads()).to.include('Back to The Shop').and.not.include('ada');

      await ada.says({ code: ada.code() });
      ada.landed();
      await ada.opens(pathname);
      expect(ada.reads()).to.include('This sign-in is over');
      expect(linkTo(/4999/, ada)).to.equal(SHOP);
    });

    it('leads to the app that asked for what cannot be', async () => {
      await homesAreKnown();
      const visitor = house.visitor();
      const url = await house.shop.signIn();
      url.searchParams.set('redirect_uri', 'https://elsewhere.example/');
      await visitor.opens(url);
      expect(visitor.reads()).to.include('Back to The Shop');
      url.searchParams.set('client_id', 'nobody');
      await visitor.opens(url);
      expect(linkTo(/^\/$/, visitor), 'an app that nobody knows').to.equal('/');
    });
  });

  it('leads from signing out to the app that asked', async () => {
    await homesAreKnown();
    const ada = await signedIn('ada');
    await ada.opens('/session/end?client_id=shop');
    await ada.says({});
    expect(ada.sees()).to.equal('sign-out/done');
    expect(linkTo(/4999/, ada)).to.equal(SHOP);
  });
});
