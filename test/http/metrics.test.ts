/**
 * What /metrics says of a sign-in, and what it never says: who it was.
 */
import { expect } from 'chai';

import { type House, openHouse } from '../support/house.ts';
import { people } from '../support/people.ts';

/** The figures as somebody who may reach the ports reads them, of both processes together. */
async function read(house: House): Promise<ReadonlyMap<string, number>> {
  const figures = new Map<string, number>();
  for (const text of await house.metrics()) {
    for (const [, series = '', value] of text.matchAll(/^(doorstep_[^{ ]+(?:\{.*\})?) (\S+)$/gm)) {
      figures.set(series, (figures.get(series) ?? 0) + Number(value));
    }
  }
  return figures;
}

describe('metrics', () => {
  let house: House;
  before(async () => {
    house = await openHouse({ metrics: { port: 0 } }, { inProcesses: true });
  });
  after(() => house.close());

  it('move with a sign-in: acts, questions, hashes, sends, requests, operations', async () => {
    const before = await read(house);
    const bob = await house.atSecondStep('bob');
    await bob.says({ code: '000000' });
    await bob.says({ code: house.carrier.lastCode(people.bob.phone) });
    await house.shop.welcome(bob.landed());
    const after = await read(house);

    const moved = (series: string): number => (after.get(series) ?? 0) - (before.get(series) ?? 0);
    expect({
      finished: moved('doorstep_sign_ins_total{outcome="finished"}'),
      names: moved('doorstep_flow_acts_total{flow="sign-in",act="identify",outcome="recorded"}'),
      answers: moved('doorstep_flow_acts_total{flow="sign-in",act="answer",outcome="recorded"}'),
      begun: moved('doorstep_challenges_total{method="text",outcome="begun"}'),
      wrong: moved('doorstep_challenges_total{method="text",outcome="wrong-answer"}'),
      passed: moved('doorstep_challenges_total{method="text",outcome="passed"}'),
      hashes: moved('doorstep_password_hashes_total'),
      waits: moved('doorstep_password_hash_wait_seconds_count'),
      sends: moved('doorstep_sends_total{channel="sms",outcome="sent"}'),
      posts: moved(
        'doorstep_http_request_seconds_count{method="POST",route="/sign-in/:uid/answer",status="303"}',
      ),
      tokens: moved(
        'doorstep_http_request_seconds_count{method="POST",route="/token",status="200"}',
      ),
      // The last answer is the page that leads back to the app.
      leaves: moved(
        'doorstep_http_request_seconds_count{method="POST",route="/sign-in/:uid/answer",status="200"}',
      ),
    }).to.deep.equal({
      ...{ finished: 1, names: 1, answers: 3, begun: 1, wrong: 1, passed: 1 },
      ...{ hashes: 1, waits: 1, sends: 1, posts: 2, leaves: 1, tokens: 1 },
    });
    const operations = 'doorstep_database_operation_seconds_count{collection=';
    const asked = (about: string): number => moved(`${operations}"${about},outcome="ok"}`);
    expect(asked('flows",command="save"')).to.equal(1);
    // Name, wrong code, right code; of what was read, nobody promises how often.
    expect(asked('flows",command="findOneAndUpdate"')).to.be.at.least(3);
    expect(asked('accounts",command="findOne"')).to.be.at.least(1);
  });

  it('hold no name, no number, no id and no address that somebody thought up', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.opens('/somewhere/else/secret-path');
    await ada.raw('/sign-in/not-an-id', { method: 'PATCH' });
    const text = (await house.metrics()).join('\n');
    expect(text).to.match(/route="other",status="404"/);
    const said = ['ada', 'bob', '+44', '+14', 'secret-path', 'not-an-id', 'PATCH'];
    expect(said.filter((word) => text.includes(word))).to.deep.equal([]);
    expect(text).not.to.match(/[A-Za-z0-9_-]{43}"/);
  });

  it('are not to be had where the pages are', async () => {
    const response = await fetch(`${house.issuer}/metrics`);
    expect(response.status).to.equal(404);
  });

  it('count for each app of one process apart', async () => {
    const other = await openHouse({ metrics: { port: 0 } }, { inProcesses: true });
    const visitor = other.visitor('bob');
    await visitor.opens(await other.shop.signIn());
    await visitor.identifies();
    expect((await read(other)).get('doorstep_password_hashes_total')).to.be.lessThan(
      (await read(house)).get('doorstep_password_hashes_total') ?? 0,
    );
    await other.close();
  });

  it('are off unless a port is given', async () => {
    const quiet = await openHouse();
    expect(await quiet.metrics()).to.deep.equal([]);
    await quiet.close();
  });
});

describe('hashes of one request (R-38)', () => {
  let house: House;
  const hashes = async (): Promise<number> =>
    (await read(house)).get('doorstep_password_hashes_total') ?? NaN;
  before(async () => {
    house = await openHouse({ metrics: { port: 0 } }, { inProcesses: true });
  });
  after(() => house.close());

  it('are one for a password, right or wrong, and whoever it is', async () => {
    const counted: number[] = [];
    for (const [name, password] of [
      ['ada', people.ada.password],
      ['ada', 'not the password at all'],
      ['nobody-here', 'not the password at all'],
    ] as const) {
      const visitor = house.visitor('ada');
      await visitor.opens(await house.shop.signIn());
      await visitor.says({ identifier: name });
      const before = await hashes();
      await visitor.says({ password });
      counted.push((await hashes()) - before);
    }
    expect(counted).to.deep.equal([1, 1, 1]);
  });

  it('are none for a hundred recovery codes at once', async () => {
    const ada = await house.atSecondStep('ada');
    await ada.presses('another-way');
    await ada.says({ method: 'recovery-code', credential: 'codes' });
    const before = await hashes();
    const tries = Array.from({ length: 100 }, () => ada.says({ code: 'AAAA-AAAA-AAAA-AAAA' }));
    await Promise.all(tries);
    expect((await hashes()) - before).to.equal(0);
  });
});
