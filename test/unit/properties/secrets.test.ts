/**
 * What holds for everything that is sealed, signed or printed for a machine to read: it
 * comes back as it was, and with one sign changed it does not come back at all.
 */
import { expect } from 'chai';
import fc from 'fast-check';

import { otpauthUri } from '../../../src/credentials/app.ts';
import { randomId } from '../../../src/lib/codes.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import { type Browser, createBrowsers } from '../../../src/flow/browser.ts';
import { createCsrf } from '../../../src/web/csrf.ts';
import { loadLanguages } from '../../../src/web/language.ts';
import { createMessages } from '../../../src/web/messages.ts';
import { loadTemplates } from '../../../src/web/templates.ts';
import { holds } from '../../support/soak.ts';

const crypt = createCrypt(['newest secret', 'older secret']);
const wholeText = fc.string({ unit: 'binary' });
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});

/** Another sign at one place. */
const flip = (text: string, at: number, other: string): string => {
  const index = at % text.length;
  return text.slice(0, index) + other + text.slice(index + 1);
};
const aFlip = fc.tuple(fc.nat(), fc.constantFrom(...Array.from('AQgwZ09-_=. %\0')));

describe('Every secret', () => {
  it('that was sealed opens as it was, there and nowhere else', () => {
    holds(
      fc.property(wholeText, wholeText, wholeText, (text, context, elsewhere) => {
        const sealed = crypt.seal(text, context);
        expect(crypt.open(sealed, context)).to.equal(text);
        if (elsewhere !== context) expect(() => crypt.open(sealed, elsewhere)).to.throw();
      }),
    );
  });

  it('that was sealed stays shut with any one sign changed', () => {
    holds(
      fc.property(wholeText, aFlip, (text, [at, other]) => {
        const sealed = crypt.seal(text, 'here');
        const changed = flip(sealed, at, other);
        if (changed !== sealed) expect(() => crypt.open(changed, 'here')).to.throw();
        expect(() => crypt.open(`${sealed}${other}`, 'here')).to.throw();
      }),
    );
  });

  it('that was digested matches itself, and nothing with a sign changed', () => {
    holds(
      fc.property(wholeText, wholeText, aFlip, (text, context, [at, other]) => {
        const digest = crypt.digest(text, context);
        expect(crypt.matches(text, context, digest)).to.equal(true);
        const changed = flip(digest, at, other);
        expect(crypt.matches(text, context, changed)).to.equal(changed === digest);
        expect(crypt.matches(`${text}x`, context, digest)).to.equal(false);
      }),
    );
  });

  it('of a form is good for that form alone (S-035)', () => {
    const csrf = createCsrf({ crypt, issuer: 'https://id.example' });
    holds(
      fc.property(wholeText, wholeText, (binding, other) => {
        expect(csrf.token(binding)).to.equal(csrf.token(binding));
        expect(csrf.token(binding) === csrf.token(other)).to.equal(binding === other);
      }),
    );
  });

  it('of a browser is remembered as it was, or makes it a new one', () => {
    const browsers = createBrowsers({ crypt, isSecure: true });
    const accounts = fc.array(fc.record({ username: anyText, name: anyText }), { maxLength: 5 });
    holds(
      fc.property(accounts, aFlip, (known, [at, other]) => {
        const browser: Browser = { id: randomId(), accounts: known };
        let cookie = '';
        const set = (_name: string, value: string): void => void (cookie = value);
        browsers.write({ get: () => undefined, set }, browser);
        const read = (sent: string): Browser => browsers.read({ get: () => sent, set });
        expect(read(cookie)).to.deep.equal(browser);
        const changed = flip(cookie, at, other);
        if (changed !== cookie) expect(read(changed).accounts).to.deep.equal([]);
      }),
    );
  });

  it('of an authenticator app is read from its address as it was written', () => {
    const seed = fc.stringMatching(/^[A-Z2-7]{32}$/);
    const name = fc.oneof(anyText, wholeText);
    holds(
      fc.property(seed, name, name, (secret, issuer, account) => {
        const { protocol, host, pathname, searchParams } = new URL(
          otpauthUri({ secret, issuer, account }),
        );
        expect([protocol, host]).to.deep.equal(['otpauth:', 'totp']);
        const { issuer: known = '', ...more } = Object.fromEntries(searchParams);
        expect(more).to.deep.equal({ secret });
        const label = pathname.slice(1).split(':').map(decodeURIComponent);
        expect(label).to.have.length(2);
        // Of long names, which no camera would read, their beginning.
        for (const [said = '', whole] of [
          [known, issuer],
          [label[0], issuer],
          [label[1], account],
        ] as const) {
          const isCut = said.endsWith('…') && withoutColon(whole).startsWith(said.slice(0, -1));
          if (!isCut) expect(said).to.equal(withoutColon(whole));
        }
      }),
    );
  });
});

/** What cannot be said in such an address. */
const withoutColon = (text: string): string => text.toWellFormed().replaceAll(':', ' ');

describe('Every text message', () => {
  const languages = loadLanguages('views/words');
  const templates = loadTemplates('views');
  const host = fc.oneof(fc.domain(), fc.constantFrom('localhost', '127.0.0.1', '[::1]'));
  const breaking = fc.constantFrom('\n', '\r', '\u2028', '@', '#', '🦆', '{code}', ' ', '"', '&');
  const names = fc.oneof(anyText, wholeText, fc.string({ unit: breaking, maxLength: 300 }));

  it('binds its code to our host and says it once, whatever the names in it (S-077)', () => {
    holds(
      fc.property(
        fc.record({
          ...{ host, client: fc.option(names, { nil: undefined }), organisation: names },
          code: fc.stringMatching(/^\d{6,10}$/),
          purpose: fc.constantFrom('sign-in', 'enrol', 'change', 'reset'),
          locale: fc.constantFrom(...languages.available),
        }),
        ({ host: own, client, organisation, code, purpose, locale }) => {
          const messages = createMessages({
            ...{ templates, languages, host: own },
            organisation: { name: organisation },
          });
          const { text } = messages.render({
            ...{ message: 'code', channel: 'sms', locale },
            values: { code, purpose, client },
          });
          expect(boundCode(text)).to.deep.equal({ host: own, code });
          expect(text.split(/[\n\r\u2028\u2029\u0085]/)).to.have.length(3);
          expect(text.isWellFormed()).to.equal(true);
        },
      ),
    );
  });
});

/** Reads the last line as browsers do (WICG, Origin-bound one-time codes, section 3.2). */
function boundCode(message: string): { host: string; code: string } | undefined {
  const last = message.split('\n').at(-1) ?? '';
  let at = 0;
  const untilSpace = (): string => {
    const end = `${last} `.indexOf(' ', at);
    const found = last.slice(at, end);
    at = end;
    return found;
  };
  if (last[at] !== '@') return undefined;
  at += 1;
  const host = untilSpace();
  if (host === '' || last[at] !== ' ') return undefined;
  at += 1;
  if (last[at] !== '#') return undefined;
  at += 1;
  const code = untilSpace();
  return code === '' || at < last.length ? undefined : { host, code };
}
