import { expect } from 'chai';

import { tellWhoWaits } from '../support/approver.ts';
import { everyWay } from '../support/at-each-step.ts';
import { openDesk } from '../support/browser.ts';
import { textOf } from '../support/in-page.ts';
import { people } from '../support/people.ts';
import { ends, presses } from '../support/telephone.ts';

describe('A call', () => {
  const desk = openDesk(everyWay);
  tellWhoWaits(desk);
  const digitsOn = async ({ page }: { page: Parameters<typeof textOf>[0] }): Promise<string> =>
    /\d+/.exec(await textOf(page, '.number'))?.[0] ?? '';

  it('goes on by itself when the digits were pressed', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'call');
    const call = desk.house.carrier.callTo(people.ada.phone);
    const digits = await digitsOn(ada);
    await ada.leads(() => presses(call, digits));
    const claims = await desk.house.shop.claims(ada.landed());
    expect(claims.amr).to.have.members(['pwd', 'tel', 'mfa']);
  });

  it('says by itself that it was hung up, and counts down to the next', async () => {
    const ada = await desk.atSecondStep('ada');
    await ada.says('another-way');
    await ada.picks('choose', 'method', 'call');
    await ada.leads(() => ends(desk.house.carrier.callTo(people.ada.phone)));
    expect(await ada.reads()).to.contain('The call ended before the digits were pressed.');
    expect(await ada.reads()).to.match(/You can ask again in \d+ seconds\./);
  });

  it('says of an extension while it is typed that it is left out', async () => {
    const cleo = await desk.atSecondStep('cleo');
    await cleo.says('enrol');
    await cleo.picks('add', 'method', 'text');
    const said = cleo.page.getByText('We leave the extension out');
    expect(await said.count()).to.equal(0);
    for (const typed of ['+1 4255551234X12345', '030 123456 ext. 7', '030 123456 Durchwahl 7']) {
      await cleo.fills('add', { number: typed });
      expect(await said.count(), typed).to.equal(1);
    }
    await cleo.fills('add', { number: '+1 4255551234' });
    expect(await said.count()).to.equal(0);
  });
});
