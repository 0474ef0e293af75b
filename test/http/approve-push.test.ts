/**
 * Waking a phone that is closed (S-090, S-099, R-25): a push service on loopback takes what is
 * sent, and reads it as the browser would that subscribed.
 */
import { expect } from 'chai';

import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { numberOn } from '../support/paired-people.ts';
import { dansPhone, type Phone } from '../support/phone.ts';
import { openPushService, type PushService, type Subscriber } from '../support/push-service.ts';
import { rememberRecords } from '../support/records.ts';

describe('Waking a phone', () => {
  let house: House;
  let service: PushService;
  let phone: Phone;
  let browser: Subscriber;
  let moveBack: () => Promise<void>;
  before(async () => {
    service = await openPushService();
    house = await openHouse({ channels: { push: { hosts: [service.host] } } });
    moveBack = await rememberRecords(house);
  });
  after(async () => {
    await house.close();
    await service.close();
  });
  beforeEach(async () => {
    clock.advance({ days: 2 });
    await moveBack();
    service.answers();
    service.asked.length = 0;
    phone = await dansPhone(house.issuer);
    const { vapidKey = '' } = (await phone.wakes()).body;
    browser = service.subscribe(vapidKey);
  });

  const subscribes = (endpoint = browser.subscription.endpoint) =>
    phone.says('subscribe', { ticket: phone.ticket(), ...browser.subscription, endpoint });
  const notifications = async () => (await phone.wakes()).body.notifications;

  it('sends what the phone can show, and neither number nor code', async () => {
    expect(await notifications()).to.equal('off');
    expect((await subscribes()).status).to.equal(204);
    expect(await notifications()).to.equal('on');
    const dan = await house.atSecondStep('dan');
    expect(dan.sees()).to.equal('methods/approve/answer');
    await house.waits();
    expect(service.refusals).to.deep.equal([]);
    const [push, ...more] = browser.received;
    expect(more).to.have.length(0);
    expect(JSON.parse(push?.payload ?? '{}')).to.deep.equal({ client: 'The Shop' });
    expect(push?.ttlSeconds).to.be.within(100, 120);
    expect(push?.payload).not.to.contain(numberOn(dan));
  });

  it('tries again what the service did not take, while it is worth anything', async () => {
    await subscribes();
    service.answers(503);
    await house.atSecondStep('dan');
    await house.waits();
    service.answers();
    clock.advance({ seconds: 10 });
    await house.settles();
    expect(browser.received).to.have.length(1);
  });

  it('keeps nobody waiting for a service that is away, and offers other ways (R-25)', async () => {
    await subscribes();
    service.answers(500);
    const dan = await house.atSecondStep('dan');
    expect(numberOn(dan)).not.to.equal('');
    await house.waits();
    await dan.reloads();
    expect(dan.reads()).to.contain('We could not reach your phone');
    expect(dan.html().querySelector('form[action$="/another-way"]')).not.to.equal(null);
    expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
  });

  it('forgets an address that is dead, and tells the phone when it is next here', async () => {
    await subscribes();
    browser.unsubscribe();
    const dan = await house.atSecondStep('dan');
    await house.waits();
    expect(await notifications()).to.equal('lost');
    expect((await phone.approves(numberOn(dan))).body.outcome).to.equal('approved');
    service.asked.length = 0;
    clock.advance({ hours: 1 });
    await house.atSecondStep('dan');
    await house.waits();
    expect(service.asked).to.have.length(0);
    await phone.wakes();
    expect((await subscribes()).status).to.equal(204);
    expect(await notifications()).to.equal('on');
  });

  it('takes no other addresses, and takes one back (S-099)', async () => {
    for (const endpoint of [
      browser.subscription.endpoint.replace('https:', 'http:'),
      'https://127.0.0.1/push/1',
      'https://10.0.0.7/push/1',
      `https://${service.host}@evil.example/push/1`,
      `https://${service.host}.evil.example/push/1`,
      'https://fcm.googleapis.com.evil.example/x',
      'javascript:alert(1)',
      'x',
    ]) {
      expect((await subscribes(endpoint)).body.error, endpoint).to.equal('push-address-refused');
    }
    expect(await notifications()).to.equal('off');
    await subscribes();
    expect((await subscribes('')).status).to.equal(204);
    expect(await notifications()).to.equal('off');
    await house.atSecondStep('dan');
    await house.waits();
    expect(service.asked).to.have.length(0);
  });
});
