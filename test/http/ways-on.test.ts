import { expect } from 'chai';

import { describeHouse } from '../support/describe-house.ts';

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
});
