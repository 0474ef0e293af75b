/**
 * Lines of an import, good and bad, by hand.
 */
import { expect } from 'chai';

import { sentenceOf } from '../../../scripts/doorstep/refusals.ts';
import { readImportLine } from '../../../src/administration/import-line.ts';
import { linesOf, LONGEST_LINE_BYTES } from '../../../src/administration/lines.ts';
import type { Refusal } from '../../../src/administration/refusal.ts';
import { createPasswordHasher } from '../../../src/credentials/password-hasher.ts';
import { systemClock } from '../../../src/lib/clock.ts';
import { vaultOf } from '../methods/ports.ts';

const small = { memoryKiB: 64, passes: 1, parallelism: 1, atOnce: 1, mostWaiting: 100 };
const hasher = createPasswordHasher(small, systemClock);
const deps = { clock: systemClock, phoneCountries: [], hasher };
const seed = 'GE4D6NRYKZ2HQ3LBOJSWK5DVNZSWK3DP';
const bcrypt = '$2b$05$abcdefghijklmnopqrstuu3fb8vZZhjHcOXTEoPpRuj/T20/Fy3fa';

/** As films use them: valid to nobody, and the demo's. */
const held = { number: '+447700900156', countryCallingCode: '44', type: 'mobile' };

const read = (line: unknown) =>
  readImportLine(typeof line === 'string' ? line : JSON.stringify(line), deps);
const sentence = async (reading: Promise<unknown>): Promise<string> =>
  reading.then(
    () => 'taken',
    (error: unknown) => sentenceOf(error as Refusal),
  );
const refusal = (line: unknown): Promise<string> => sentence(read(line));

describe('a line of an import', () => {
  const good: readonly (readonly [string, object, readonly string[]])[] = [
    ['a name alone', { username: 'ada' }, []],
    ['a name of another script', { username: 'Åsa.Öberg', name: '明子' }, []],
    ['a hash', { username: 'ada', passwordHash: bcrypt }, ['password']],
    [
      'a seed as apps show it',
      { username: 'ada', totp: [{ secret: 'ge4d 6nry kz2h q3lb ojsw k5dv nz==' }] },
      ['app'],
    ],
    [
      'a seed with what it is',
      { username: 'ada', totp: [{ secret: seed, digits: 6, period: 30, algorithm: 'SHA-1' }] },
      ['app'],
    ],
    [
      'two phones',
      { username: 'ada', phones: ['+1 425 555 0134', '+14255550135'] },
      ['phone', 'phone'],
    ],
    [
      'two addresses for resets',
      { username: 'ada', emails: [{ address: 'ada@home.example' }, { address: 'a@b.example' }] },
      ['email', 'email'],
    ],
    ['a phone that was good elsewhere', { username: 'ada', phones: [held] }, ['phone']],
    [
      'a person',
      {
        username: 'ada',
        id: 'u-1',
        givenName: 'Ada',
        email: 'Ada@Example.org',
        emailVerified: true,
        locale: 'sv',
        zoneinfo: 'Europe/Stockholm',
        roles: ['admin'],
        groups: ['staff', 'staff'],
        disabled: true,
        createdAt: '2020-01-01T00:00:00Z',
      },
      [],
    ],
  ];
  it('keeps a method suspended that was so elsewhere (S-115)', async () => {
    const { person } = await read({
      ...{ username: 'ada', phones: ['+14255550134', '+14255550199'] },
      suspended: [{ list: 'phones', at: 1, since: '2026-01-31T18:30:00Z' }],
    });
    expect(person.credentials.map(({ suspendedAt }) => suspendedAt)).to.deep.equal([
      undefined,
      new Date('2026-01-31T18:30:00Z'),
    ]);
  });

  for (const [name, line, kinds] of good) {
    it(`is taken with ${name}`, async () => {
      const { person } = await read(line);
      expect(person.credentials.map(({ kind }) => kind)).to.deep.equal(kinds);
    });
  }

  for (const id of [
    ...['auth0|5f7c8ec7c33c6c004bbafe82', 'google-oauth2|103547991597142817347', '../x'],
    ...['ada@example.org', 'uid=ada, ou=people', '$where', 'a.b', '__proto__', '~'.repeat(255)],
  ]) {
    it(`is taken with the id ${id.slice(0, 40)}, as Core §2 has them`, async () => {
      expect((await read({ username: 'ada', id })).person.id).to.equal(id);
    });
  }

  for (const createdAt of [
    ...['2026-01-31T17:30:00Z', '2026-01-31T18:30:00+01:00', '2026-01-31t17:30:00z'],
    ...['2026-01-31T14:00:00.000-03:30', '2026-01-31T17:30:00-00:00'],
  ]) {
    it(`is taken with the time ${createdAt} (RFC 3339)`, async () => {
      const { person } = await read({ username: 'ada', createdAt });
      expect(person.createdAt).to.deep.equal(new Date('2026-01-31T17:30:00Z'));
    });
  }

  it('has no invisible signs in what is typed at sign-in, and says that they were there', async () => {
    const pasted = { username: '\ufeffada\u200b', email: 'ada@exa\u00admple.org' };
    const { person, isCleaned } = await read({ ...pasted, phoneNumber: '\u202a+14255550134' });
    expect(isCleaned).to.equal(true);
    expect(person.username).to.equal('ada');
    expect(person.profile).to.include({ email: 'ada@example.org', phoneNumber: '+14255550134' });
    expect((await read({ username: 'ada' })).isCleaned).to.equal(false);
  });

  it('is taken with a password that must be changed, and not without one', async () => {
    const due = { username: 'ada', passwordChangeDueAt: '2026-01-01T00:00:00Z' };
    expect((await read(due)).person).not.to.have.property('passwordChangeDueAt');
    const { person } = await read({ ...due, passwordHash: bcrypt });
    expect(person.passwordChangeDueAt).to.deep.equal(new Date(due.passwordChangeDueAt));
  });

  it('is taken with one that is due in the future as if it were due now', async () => {
    const due = { passwordHash: bcrypt, passwordChangeDueAt: '9999-12-31T23:59:59Z' };
    const { person } = await read({ username: 'ada', ...due });
    expect(person.passwordChangeDueAt).to.be.at.most(systemClock.now());
  });

  const bad: readonly (readonly [string, unknown, RegExp])[] = [
    ['half an object', '{"username": "a', /not an object/],
    ['a list', '[]', /not an object/],
    ['null', 'null', /not an object/],
    ['no name', { name: 'Ada' }, /username/],
    ['an empty name', { username: ' ' }, /username/],
    ['a name that is a number', { username: 7 }, /username/],
    ['an operator for a name', { username: { $gt: '' } }, /username/],
    ['a name that recolours terminals', { username: 'a\u001b[31m' }, /control/],
    ['a name that turns text around', { username: 'a', name: 'a\u202eb' }, /control/],
    ['a name with something hidden', { username: 'a', name: 'Ad\u200ba' }, /invisible/],
    ['a name of invisible signs', { username: '\u200b\u2060' }, /empty/],
    ['half a surrogate pair', '{"username":"\\ud800"}', /control/],
    ['a name too long', { username: 'a'.repeat(321) }, /320/],
    ['a plain password', { username: 'ada', password: 'hunter2222' }, /plain text/],
    ['a field that nobody knows', { username: 'ada', isAdmin: true }, /isAdmin/],
    ['a prototype', '{"username":"ada","__proto__":{"a":1}}', /__proto__/],
    ['no mail address', { username: 'ada', email: 'ada' }, /email/],
    ['two mail addresses in one', { username: 'ada', email: 'a@b.org, c@d.org' }, /email/],
    ['a group that no policy could name', { username: 'ada', groups: ['a b'] }, /groups/],
    ['groups that are no list', { username: 'ada', groups: 'staff' }, /groups/],
    [
      'a hash of a kind that nobody verifies',
      { username: 'ada', passwordHash: '$1$abcdefgh$x' },
      /no hash/,
    ],
    [
      'a hash that could stop the service',
      { username: 'ada', passwordHash: bcrypt.replace('$05', '$31') },
      /bcrypt cost of 31/,
    ],
    [
      'a hash that is read and that no verifier takes',
      {
        username: 'ada',
        passwordHash: `$scrypt$ln=16,r=1,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
      },
      /no verifier takes/,
    ],
    ['a seed of 80 bits', { username: 'ada', totp: [{ secret: 'GE4D6NRYKZ2HQ3LB' }] }, /80 bits/],
    [
      'a seed in hexadecimal',
      { username: 'ada', totp: [{ secret: '0189'.repeat(10) }] },
      /base 32/,
    ],
    [
      'codes of eight digits',
      { username: 'ada', totp: [{ secret: seed, digits: 8 }] },
      /digits must be 6/,
    ],
    [
      'codes of a minute',
      { username: 'ada', totp: [{ secret: seed, period: 60 }] },
      /period must be 30/,
    ],
    [
      'codes of SHA-256',
      { username: 'ada', totp: [{ secret: seed, algorithm: 'SHA256' }] },
      /SHA1/,
    ],
    [
      'more apps than anybody may have',
      { username: 'ada', totp: Array(6).fill({ secret: seed }) },
      /totp/,
    ],
    ['a phone that is none', { username: 'ada', phones: ['+1 555'] }, /phone/],
    ['a phone without its country', { username: 'ada', phones: ['4255550134'] }, /phone/],
    [
      'a phone that is not of its country',
      { username: 'ada', phones: [{ ...held, countryCallingCode: '49' }] },
      /phones/,
    ],
    [
      'a phone of no known kind',
      { username: 'ada', phones: [{ ...held, type: 'pager' }] },
      /phones/,
    ],
    [
      'a phone that is nothing to its owner',
      { username: 'ada', phones: [{ number: '+14255550134', type: 'office' }] },
      /phones.0 must be a number, or \{number, phoneType\} with one of: mobile, alternate-mobile, office/,
    ],
    [
      'one seed twice',
      { username: 'ada', totp: [{ secret: seed }, { secret: seed.toLowerCase() }] },
      /twice/,
    ],
    [
      'two office phones',
      { username: 'ada', phones: ['+4930123456', '+4930123457'] },
      /one mobile, alternate mobile and office phone/,
    ],
    [
      'a fixed line as the mobile phone',
      { username: 'ada', phones: [{ number: '+4930123456', phoneType: 'mobile' }] },
      /fixed line/,
    ],
    [
      'an address that is a list',
      { username: 'ada', emails: [{ address: 'ada@home.example,eve@home.example' }] },
      /emails.0.address must be one plain address/,
    ],
    ['an address alone', { username: 'ada', emails: ['ada@home.example'] }, /emails/],
    [
      'three addresses',
      {
        username: 'ada',
        emails: ['a', 'b', 'c'].map((name) => ({ address: `${name}@b.example` })),
      },
      /emails/,
    ],
    [
      'one mailbox twice',
      { username: 'ada', emails: [{ address: 'ada@b.example' }, { address: 'Ada@B.example' }] },
      /emails has one mailbox twice/,
    ],
    ['one phone twice', { username: 'ada', phones: ['+14255550134', '+1 425 555 0134'] }, /twice/],
    ['an id beyond ASCII', { username: 'ada', id: 'å' }, /ASCII/],
    ['an id with a line end', { username: 'ada', id: 'a\n' }, /ASCII/],
    ['an id of 256 signs', { username: 'ada', id: 'a'.repeat(256) }, /255/],
    ['no id', { username: 'ada', id: '' }, /255/],
    ['the id of nobody', { username: 'ada', id: 'nobody' }, /id is kept/],
    ['the id of whoever works here', { username: 'ada', id: 'command-line' }, /id is kept/],
    [
      'a suspended method that it does not bring',
      {
        ...{ username: 'ada', phones: ['+14255550134'] },
        suspended: [{ list: 'phones', at: 1, since: '2026-01-31T18:30:00Z' }],
      },
      /suspended names what is not there/,
    ],
    ['a time without its zone', { username: 'ada', createdAt: '2026-01-31T18:30:00' }, /like/],
    ['a day that is none', { username: 'ada', createdAt: 'yesterday' }, /createdAt/],
  ];
  for (const [name, line, reason] of bad) {
    it(`is refused with ${name}, and says why`, async () => {
      expect(await refusal(line)).to.match(reason);
    });
  }

  it('never repeats a secret in its reasons', async () => {
    const secrets = { passwordHash: '$9$very-secret', totp: [{ secret: 'very-secret!' }] };
    const refused: unknown = await read({ username: 'ada', ...secrets }).catch(
      (error: unknown) => error,
    );
    expect(JSON.stringify(refused))
      .to.match(/passwordHash.*totp/)
      .and.not.to.match(/very.secret/i);
    expect(sentenceOf(refused as Refusal)).not.to.match(/very.secret/i);
  });

  const typesOf = async (phones: unknown): Promise<unknown> => {
    const { person } = await read({ username: 'ada', phones });
    const vault = vaultOf('ada');
    return person.credentials.map(({ data }) => (data(vault) as { phoneType: string }).phoneType);
  };

  it('takes the first phone for the mobile one, and fixed lines for the office', async () => {
    const all = ['+4930123456', '+4915123456789', '+4915123456788'];
    expect(await typesOf(all)).to.deep.equal(['office', 'mobile', 'alternate-mobile']);
    const said = [{ number: '+4915123456789', phoneType: 'office' }, '+4915123456788'];
    expect(await typesOf(said)).to.deep.equal(['office', 'mobile']);
    expect(await typesOf([held])).to.deep.equal(['mobile']);
    expect(await typesOf([{ ...held, phoneType: 'office' }])).to.deep.equal(['office']);
  });

  it('refuses phones of countries that policy does not serve', async () => {
    const line = JSON.stringify({ username: 'ada', phones: ['+14255550134'] });
    const refused = readImportLine(line, { ...deps, phoneCountries: ['SE'] });
    expect(await sentence(refused)).to.match(/country/);
    const there = JSON.stringify({ username: 'ada', phones: [held] });
    const far = readImportLine(there, { ...deps, phoneCountries: ['SE'] });
    expect(await sentence(far)).to.match(/country/);
    const near = await readImportLine(there, { ...deps, phoneCountries: ['SE', 'GB'] });
    expect(near.person.credentials).to.have.lengthOf(1);
  });
});

describe('lines of a stream', () => {
  async function read(...chunks: readonly (string | Uint8Array)[]) {
    async function* stream() {
      for (const chunk of chunks) yield Buffer.from(chunk as string);
    }
    const found: [number, string | undefined][] = [];
    for await (const { number, text } of linesOf(stream())) found.push([number, text]);
    return found;
  }

  it('are the same wherever the stream is cut', async () => {
    const bytes = Buffer.from('\ufeffå\r\n\nlast');
    const whole = [
      [1, 'å'],
      [2, ''],
      [3, 'last'],
    ];
    expect(await read(bytes)).to.deep.equal(whole);
    expect(await read(...[...bytes].map((byte) => Uint8Array.of(byte)))).to.deep.equal(whole);
  });

  it('are none of an empty stream, and one of what has no line end', async () => {
    expect(await read()).to.deep.equal([]);
    expect(await read('a\n')).to.deep.equal([[1, 'a']]);
  });

  it('are not held when they are too long or no UTF-8, and the next is read', async () => {
    const found = await read(
      'x'.repeat(LONGEST_LINE_BYTES),
      'x\nb\n',
      Uint8Array.of(0xff, 10),
      'c',
    );
    expect(found).to.deep.equal([
      [1, undefined],
      [2, 'b'],
      [3, undefined],
      [4, 'c'],
    ]);
  });
});
