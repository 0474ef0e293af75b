/**
 * What holds for every spelling: of names, numbers and addresses that people type, and of
 * what we show of them.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';

import { jsonLine, printable, table } from '../../../scripts/doorstep/print.ts';
import { phone } from '../../../src/credentials/phone.ts';
import { maskPhone } from '../../../src/lib/mask.ts';
import { networkOf } from '../../../src/lib/network.ts';
import { Problem } from '../../../src/lib/problem.ts';
import { normaliseIdentifier } from '../../../src/models/account.ts';
import { addressOf, attemptAt } from '../../../src/models/challenge.ts';
import { parseForm } from '../../../src/web/forms.ts';
import { holds, holdsLater, slowness } from '../../support/soak.ts';
import { draftPorts as ports } from '../methods/ports.ts';

const LONG_MILLISECONDS = 120_000 * slowness;

/** Any text at all: every plane, halves of pairs, and many signs that have other spellings. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({
    unit: fc.constantFrom(
      ...Array.from(' \u200b\u200d\u202d\u2800\u034f\u3164\uffa0\ufe0f\u{e0061}\u1100\u1161'),
      ...Array.from(' \u00a0\u00a8\u0130\u03a3\u1e9e\u2126\ufb03\uff21\u0345a\u0301.@-'),
    ),
  }),
);

const group = fc.constantFrom('', ' ', '-', '.', '(0)', '\u00a0');
const typedNumber = fc
  .record({
    country: fc.constantFrom(...getCountries()),
    last: fc.stringMatching(/^\d{4}$/),
    isWhole: fc.boolean(),
    between: group,
  })
  .map(({ country, last, isWhole, between }) => {
    const example = getExampleNumber(country, examples);
    const number = isWhole ? (example?.number ?? '') : (example?.nationalNumber ?? '');
    return { country, number: [number.slice(0, 3), number.slice(3, -4), last].join(between) };
  });

const addPhone = async (country: string, number: string) => {
  try {
    return await phone.adding.draft({ country, number }, ports);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
};

describe('Every spelling', () => {
  it('of a user name or a mail address is normalised once and for all (S-008)', () => {
    holds(
      fc.property(fc.oneof(anyText, fc.emailAddress()), (typed) => {
        const once = normaliseIdentifier(typed);
        expect(normaliseIdentifier(once)).to.equal(once);
        expect(normaliseIdentifier(` ${typed}\t`)).to.equal(once);
      }),
    );
  });

  it('of a phone number that is taken becomes one that stays as it is', async function () {
    this.timeout(LONG_MILLISECONDS);
    let taken = 0;
    await holdsLater(
      fc.asyncProperty(typedNumber, async ({ country, number }) => {
        const once = await addPhone(country, number);
        if (!once) return;
        taken += 1;
        expect(once.number).to.match(/^\+\d{7,15}$/);
        const twice = await addPhone('', once.number);
        expect(twice).to.deep.include({
          number: once.number,
          countryCallingCode: once.countryCallingCode,
        });
      }),
    );
    expect(taken, 'numbers that were taken').to.be.above(20);
  });

  it('of no phone number breaks anything', async function () {
    this.timeout(LONG_MILLISECONDS);
    await holdsLater(
      fc.asyncProperty(anyText, anyText, async (...typed) => {
        await addPhone(...typed);
      }),
    );
  });

  it('of a number shows no more than the country code and two digits (S-078)', async function () {
    this.timeout(LONG_MILLISECONDS);
    const digits = fc.tuple(fc.stringMatching(/^[1-9]\d{0,2}$/), fc.stringMatching(/^\d{5,12}$/));
    holds(
      fc.property(digits, ([code, rest]) => {
        const [, ...shown] = /^\+(\d+) ••• (\d{2})$/.exec(maskPhone(code, `+${code}${rest}`)) ?? [];
        expect(shown).to.deep.equal([code, rest.slice(-2)]);
      }),
    );
    await holdsLater(
      fc.asyncProperty(typedNumber, async ({ country, number }) => {
        const added = await addPhone(country, number);
        if (added) expect(phone.hint(added)).to.match(/^\+\d{1,3} ••• \d{2}$/);
      }),
    );
  });

  it('of an address counts for the network that it is in', () => {
    holds(
      fc.property(fc.ipV6(), (address) => {
        const network = networkOf(address);
        const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
        expect(networkOf(canonical)).to.equal(network);
        expect(networkOf(address.toUpperCase())).to.equal(network);
        // 32 bits behind ffff; ::ffff:0 has 16, and is no mapped address.
        const shape = /^::ffff:[\da-f]+:[\da-f]+$/.test(canonical)
          ? /^(\d{1,3}\.){3}\d{1,3}$/
          : /^([\da-f]{1,4}:){3}[\da-f]{1,4}::\/64$/;
        expect(network).to.match(shape);
      }),
    );
  });

  it('of a challenge is read back as it was written, and no other', () => {
    const attempt = fc.record({
      id: fc.stringMatching(/^[\w-]{22}$/),
      attemptsLeft: fc.integer({ min: 1, max: 9999 }),
    });
    holds(
      fc.property(attempt, (one) => {
        expect(attemptAt(addressOf(one))).to.deep.equal(one);
      }),
    );
    holds(
      fc.property(anyText, (text) => {
        const read = attemptAt(text);
        if (read) expect(addressOf(read)).to.equal(text);
      }),
    );
  });

  it('of a form comes back field by field, or is refused (S-193)', () => {
    const name = fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('__proto__', 'toString'));
    const plain = (text: string): boolean => !text.includes('\0');
    const fields = fc.uniqueArray(fc.tuple(name.filter(plain), fc.string().filter(plain)), {
      selector: ([key]) => key,
      maxLength: 100,
    });
    holds(
      fc.property(fields, (sent) => {
        const form = parseForm(new URLSearchParams(sent).toString());
        expect(Object.entries(form)).to.have.deep.members(sent);
        expect(Reflect.get({}, 'polluted')).to.equal(undefined);
      }),
    );
    holds(
      fc.property(anyText, (body) => {
        try {
          parseForm(body);
        } catch (error) {
          expect(error).to.be.instanceOf(Problem);
        }
      }),
    );
  });

  it('of a stranger is printed without a sign that moves a terminal (S-192)', () => {
    const moving = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
    holds(
      fc.property(anyText, (text) => {
        expect(printable(text)).not.to.match(moving);
        expect(printable(printable(text))).to.equal(printable(text));
        const line = jsonLine({ text });
        expect(line.slice(0, -1)).not.to.match(moving);
        expect(JSON.parse(line)).to.deep.equal({ text });
        expect(table([[text, text]]).split('\n')).to.have.length(2);
      }),
    );
  });
});
