import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';

/** Guessing and sending that stays below every account's own limit. */
describe('Limits over many names, networks and numbers', () => {
  let house: House;
  const networks = [{ cidr: '203.0.113.0/24', wrongPasswordsIn15Minutes: 2 }];
  before(async () => {
    const server = { trustedProxies: ['127.0.0.1'] };
    house = await openHouse({ server, limits: { networks } });
  });
  after(() => house.close());
  beforeEach(() => clock.advance({ days: 2 }));

  async function tries(identifier: string, network: string): Promise<number> {
    const visitor = house.visitor();
    visitor.comesFrom(network);
    await visitor.opens(await house.shop.signIn());
    await visitor.says({ identifier });
    await visitor.says({ password: 'wrong but long enough' });
    return visitor.status();
  }

  it('hold for one network that tries many names, but not for browsers known there', async () => {
    const known = await house.atSecondStep('ada');
    await known.says({ code: known.code() });
    const statuses: number[] = [];
    for (let name = 0; name < 102; name += 1) {
      statuses.push(await tries(`somebody-${name}`, '192.0.2.7'));
    }
    expect(statuses.slice(0, 100)).to.deep.equal(Array<number>(100).fill(200));
    expect(statuses.slice(100)).to.deep.equal([429, 429]);

    const ada = house.visitor('ada');
    ada.comesFrom('192.0.2.8');
    await ada.opens(await house.shop.signIn());
    await ada.identifies();
    expect(ada.sees(), 'another network is another matter').to.equal('methods/code/answer');

    known.comesFrom('192.0.2.7');
    await known.opens(await house.shop.signIn({ prompt: 'login' }));
    await known.says({ password: people.ada.password });
    expect(known.sees(), 'her own browser (S-011)').to.equal('methods/code/answer');
  });

  it('hold for an office as they were configured', async () => {
    const statuses: number[] = [];
    for (const name of ['anna', 'berta', 'carla']) statuses.push(await tries(name, '203.0.113.9'));
    expect(statuses).to.deep.equal([200, 200, 429]);
  });

  it('hold for a known browser, whatever networks it comes from (D-8)', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.says({ code: ada.code() });
    await ada.opens(await house.shop.signIn({ prompt: 'login' }));
    const statuses: number[] = [];
    for (let network = 0; network < 7; network += 1) {
      ada.comesFrom(`198.51.${network}.1`);
      await ada.reloads();
      await ada.says({ password: 'wrong but long enough' });
      statuses.push(ada.status());
      if (ada.status() === 429) break;
    }
    expect(statuses).to.deep.equal([200, 200, 200, 200, 200, 429]);
  });

  it('hold for one account that writes to ever new numbers', async () => {
    const cleo = await house.atSecondStep('cleo');
    await cleo.says({});
    await cleo.says({ method: 'text' });
    house.carrier.texts.length = 0;
    for (let number = 0; number < 12; number += 1) {
      await cleo.says({ country: 'DE', number: `0151 2${String(number).padStart(2, '0')}56789` });
      if (cleo.status() === 429) break;
      await cleo.presses('another-way');
    }
    expect(cleo.status()).to.equal(429);
    expect(house.carrier.texts).to.have.length(10);
  });

  it('are told to the log when a shared one is half used up, as configured', async () => {
    const sends = { perServiceInAnHour: 16, alarmAtPercent: 50, percentForEnrolments: 100 };
    const watched = await openHouse({ log: { level: 'warn' }, limits: { sends } });
    try {
      const cleo = await watched.atSecondStep('cleo');
      await cleo.says({});
      await cleo.says({ method: 'text' });
      for (let number = 0; number < 9; number += 1) {
        await cleo.says({ country: 'DE', number: `0151 2${String(number).padStart(2, '0')}56789` });
        await cleo.presses('another-way');
      }
      const warnings = (await watched.logged())
        .split('\n')
        .filter((line) => line.includes('budget.'));
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.contain('"event":"budget.shrank"').and.to.contain('"used":8');
    } finally {
      await watched.close();
    }
  });
});
