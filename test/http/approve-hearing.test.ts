/**
 * How a page that waits for a phone notices (S-097), and a phone that waits for a page: each at
 * one process, while the other is where it happens.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { numberOn } from '../support/paired-people.ts';
import { dansPhone, type Phone } from '../support/phone.ts';
import type { Visitor } from '../support/visitor.ts';
import { uidOf } from '../support/at-each-step.ts';

describe('A page that waits for a phone', () => {
  let house: House;
  let phone: Phone;
  before(async () => (house = await openHouse()));
  after(() => house.close());
  beforeEach(async () => {
    clock.advance({ days: 2 });
    phone = await dansPhone(house.issuer);
  });

  const sinceOn = (page: Visitor) =>
    page.html().querySelector('form.waits')?.getAttribute('data-since') ?? '';
  const asks = (page: Visitor, more = '', since = sinceOn(page)) =>
    page.raw(`/sign-in/${uidOf(page)}/waiting?since=${since}${more}`, {
      headers: { accept: 'application/json' },
    });
  const stateOf = async (answer: Response) => await answer.json();

  it('hears that there is something new, and never what', async () => {
    const dan = await house.atSecondStep('dan');
    const streams = await Promise.all(
      [1, 2].map(() => dan.raw(`/sign-in/${uidOf(dan)}/hear?since=${sinceOn(dan)}`)),
    );
    expect(streams[0]?.headers.get('content-type')).to.contain('text/event-stream');
    await phone.approves(numberOn(dan));
    // A turn of each process: no time has to pass.
    await house.settles();
    for (const stream of streams) {
      const heard = await stream.text();
      expect(heard.replaceAll(/^:\n/gm, '').trim()).to.equal('event: changed\ndata: {}');
    }
  });

  it('may ask instead, and states never go back', async () => {
    const dan = await house.atSecondStep('dan');
    expect(await stateOf(await asks(dan))).to.deep.equal({ state: 'waiting' });
    await phone.approves(numberOn(dan));
    clock.advance({ seconds: 1 });
    for (let look = 0; look < 3; look += 1) {
      expect(await stateOf(await asks(dan))).to.deep.equal({ state: 'changed' });
    }
  });

  it('may ask in a few tabs at once, and no more often under other names', async () => {
    const dan = await house.atSecondStep('dan');
    const all = await Promise.all(Array.from({ length: 20 }, (_, at) => asks(dan, `&tab=${at}`)));
    expect(all.filter(({ status }) => status === 200)).to.have.length(4);
    expect(all.filter(({ status }) => status === 429)).to.have.length(16);
    const other = await house.atSecondStep('dan');
    expect((await asks(other)).status).to.equal(200);
    clock.advance({ seconds: 1 });
    expect((await asks(dan)).status).to.equal(200);
  });

  it('is no business of another browser’s, or of odd questions', async () => {
    const dan = await house.atSecondStep('dan');
    const ada = await house.atSecondStep('ada');
    for (const path of ['waiting', 'hear']) {
      const there = `/sign-in/${uidOf(dan)}/${path}?since=0`;
      expect((await ada.raw(there)).status, path).to.equal(404);
    }
    for (const query of ['', '?since=x', '?since=-1', '?since[$gt]=0', '?since=0&since=1']) {
      const answer = await dan.raw(`/sign-in/${uidOf(dan)}/hear${query}`);
      expect(answer.status, query).to.equal(400);
    }
  });

  it('goes on being heard when the way back to the app is opened early', async () => {
    const dan = await house.atSecondStep('dan');
    const [uid, since] = [uidOf(dan), sinceOn(dan)];
    const early = await dan.raw(`/auth/${uid}`);
    expect(early.status).to.equal(303);
    expect(early.headers.get('location')).to.match(new RegExp(`/sign-in/${uid}$`));
    await early.text();
    // Of another browser it is no business.
    const ada = house.visitor('ada');
    expect((await ada.raw(`/auth/${uid}`)).status).to.equal(410);

    await phone.approves(numberOn(dan));
    expect(await stateOf(await asks(dan, '', since))).to.deep.equal({ state: 'changed' });
    await dan.presses('continue');
    expect((await house.shop.claims(dan.landed())).sub).to.equal('id-dan');
  });

  it('lets the phone hear of a question that the other process asked', async () => {
    expect(await phone.hears()).to.deep.equal([]);
    await house.atSecondStep('dan');
    for (let look = 0; look < 2; look += 1) expect(await phone.hears()).to.have.length(1);
  });
});
