/**
 * Toll fraud: sixty accounts that one stranger has, with sixty numbers of one block that somebody
 * earns from, by texts and by calls. What it costs at most, who hears of it, and that everybody
 * else gets their texts.
 */
import { expect } from 'chai';

import { createAccounts } from '../../src/models/account.ts';
import { everyWay } from '../support/at-each-step.ts';
import { clock } from '../support/clock.ts';
import { type House, openHouse } from '../support/house.ts';
import { openPostBox } from '../support/mail-server.ts';
import { credential, people, type Person } from '../support/people.ts';
import { createVisitor, type Visitor } from '../support/visitor.ts';

const ALERTS = 'security@example.org';
const PRICE = 0.25;
const BLOCK = '1511234';

/** One in two has a phone already; the others set one up. */
const mallory = [...Array(60).keys()].map((index) => ({
  username: `mallory${index}`,
  number: `0${BLOCK}${String(index).padStart(4, '0')}`,
  hasPhone: index % 2 === 0,
}));
type Mallory = (typeof mallory)[number];
const e164 = ({ number }: Mallory): string => `+49${number.slice(1)}`;

async function inTens(
  all: readonly Mallory[],
  does: (one: Mallory, index: number) => Promise<unknown>,
) {
  for (let from = 0; from < all.length; from += 10) {
    const ten = all.slice(from, from + 10);
    await Promise.all(ten.map((one, index) => does(one, from + index)));
  }
}

describe('Texts and calls that somebody pumps', () => {
  let house: House;
  let post: Awaited<ReturnType<typeof openPostBox>>;
  before(async () => {
    post = await openPostBox();
    house = await openHouse({
      ...everyWay,
      channels: { mail: { url: post.url, from: 'Doorstep <no@example.org>' } },
      organisation: { alertsTo: ALERTS },
    });
    await movesIn();
  });
  after(async () => {
    await house.close();
    await post.close();
  });

  async function movesIn(): Promise<void> {
    const accounts = createAccounts(house.connection);
    const cleo = await accounts.findById('id-cleo');
    for (const one of mallory) {
      const data = { number: e164(one), countryCallingCode: '49', type: 'mobile' };
      await accounts.create({
        ...{ _id: `id-${one.username}`, username: one.username, name: one.username },
        ...{ profile: {}, roles: [], groups: [], createdAt: new Date() },
        credentials: [
          ...(cleo?.credentials ?? []),
          ...(one.hasPhone ? [credential('phone', 'phone', data)] : []),
        ],
      });
    }
  }

  /** With the password, which begins the text where there is a phone. */
  async function signsIn({ username }: Mallory): Promise<Visitor> {
    const { password } = people.cleo;
    const person: Person = { username, password, name: username, email: '' };
    const visitor = createVisitor(house.issuer, person);
    await visitor.opens(await house.shop.signIn());
    await visitor.identifies();
    return visitor;
  }

  /** Their own number, and then others, each time before any code is typed. */
  async function enrolsAndCancels(one: Mallory, others: readonly Mallory[]): Promise<Visitor> {
    const visitor = await signsIn(one);
    await visitor.says({});
    await visitor.says({ method: 'text' });
    for (const [turn, { number }] of [one, ...others].entries()) {
      const method = turn % 2 === Number(one.number.slice(-1)) % 2 ? 'text' : 'call';
      await visitor.says({ country: 'DE', number, method });
      if (visitor.sees() !== `methods/${method}/add`) return visitor;
      await visitor.presses('another-way');
    }
    return visitor;
  }

  /** The text, and then a call, as soon as there may be one. */
  async function signsInBothWays(one: Mallory): Promise<void> {
    const visitor = await signsIn(one);
    if (visitor.status() !== 200) return;
    await visitor.presses('another-way');
    const [way] = visitor.html().querySelectorAll('form:has([value="call"]) [name="credential"]');
    const credential = way?.getAttribute('value') ?? 'phone';
    await visitor.says({ method: 'call', credential });
  }

  async function everybodyElseSignsIn(): Promise<void> {
    const { phone } = people.bob;
    const bob = await house.atSecondStep('bob');
    await bob.says({ code: house.carrier.lastCode(phone) });
    bob.landed();
  }

  const pumped = (): number => {
    const { texts, calls } = house.carrier;
    return [...texts, ...calls].filter(({ to }) => to.startsWith(`+49${BLOCK}`)).length;
  };
  const bill = (): number => pumped() * PRICE;
  const enrolling = mallory.filter(({ hasPhone }) => !hasPhone);
  const texted = mallory.filter(({ hasPhone }) => hasPhone);

  async function alerts(): Promise<readonly string[]> {
    await house.settles();
    return post.subjectsTo(ALERTS).map((subject) => subject.replace(/^.*: /, ''));
  }

  it('cost no more than enrolments may, and then those numbers are paused (S-074)', async () => {
    await inTens(enrolling, (one, index) =>
      enrolsAndCancels(one, [enrolling[(index + 1) % enrolling.length] ?? one]),
    );
    expect(bill(), 'half of 20 in an hour').to.equal(10 * PRICE);
    expect(house.carrier.calls, 'both ways').not.to.have.length(0);
    await everybodyElseSignsIn();

    clock.advance({ hours: 1 });
    for (const one of enrolling.slice(0, 5)) {
      const { status, reads, headers } = await enrolsAndCancels(one, []);
      expect(status()).to.equal(429);
      expect(reads()).to.contain('No codes to numbers like yours for now');
      expect(Number(headers().get('retry-after'))).to.be.within(5 * 3600, 6 * 3600);
    }
    expect(bill()).to.equal(10 * PRICE);
    expect(await alerts()).to.deep.equal(['Texts to a group of numbers are paused']);
  });

  it('cost no more than sign-ins may, of which others keep theirs (S-074)', async () => {
    await inTens(texted, signsInBothWays);
    expect(bill(), 'and 20 in an hour').to.equal(30 * PRICE);
    await everybodyElseSignsIn();

    clock.advance({ hours: 1 });
    for (const one of texted.slice(0, 3)) expect((await signsIn(one)).status()).to.equal(429);
    expect(bill()).to.equal(30 * PRICE);
    await everybodyElseSignsIn();
    // Of mails that leave together, which arrives first is nobody's promise.
    expect(await alerts()).to.have.members([
      'Texts to a group of numbers are paused',
      'Texts are nearly used up',
      'Texts to a group of numbers are paused',
    ]);
  });
});
