import { expect } from 'chai';

import { loadLanguages } from '../../../src/web/language.ts';
import { createMessages } from '../../../src/web/messages.ts';
import { loadTemplates } from '../../../src/web/templates.ts';

const languages = loadLanguages('views/words');
const organisation = { name: 'Guild' };
const messages = createMessages({
  templates: loadTemplates('views'),
  languages,
  host: 'sign-in.department.example.org',
  organisation,
});

const text = (values: Readonly<Record<string, string>>, locale = 'en'): string =>
  messages.render({
    ...{ message: 'code', channel: 'sms', locale },
    values: { code: '048213', purpose: 'sign-in', ...values },
  }).text;

/** GSM 03.38, basic set without what takes two septets. */
const GSM = /^[A-Za-z0-9\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà]*$/;

describe('message code', () => {
  it('ends in the origin-bound line and nothing else (S-077)', () => {
    for (const locale of languages.available) {
      const lines = text({ client: 'Tea Shop' }, locale).split('\n');
      expect(lines.at(-1)).to.equal('@sign-in.department.example.org #048213');
    }
  });

  it('names the app and the purpose, and links nowhere', () => {
    expect(text({ client: 'Tea Shop' })).to.match(/^048213 is your code to sign in to Tea Shop\./);
    expect(text({ client: 'Tea Shop', purpose: 'enrol' })).to.contain('set up this phone');
    expect(text({ client: 'Tea Shop' })).not.to.match(/https?:|www\./);
  });

  for (const locale of languages.available) {
    for (const purpose of ['sign-in', 'enrol', 'change', 'reset']) {
      it(`fits into one SMS (${purpose}, ${locale})`, () => {
        for (const length of [4, 20, 40, 90]) {
          const whole = text({ client: 'Tea Shop '.repeat(10).slice(0, length), purpose }, locale);
          expect(whole.length).to.be.at.most(160);
          expect(whole).to.match(GSM);
        }
      });
    }
  }

  it('shortens a long name only as far as it must', () => {
    const whole = text({ client: 'Tea Shop '.repeat(20) });
    expect(whole).to.have.length.within(155, 160);
    expect(whole).to.match(/ sign in to Tea Shop Tea Shop.*\.{3}\. Do not share it\.\n/);
  });

  it('lets no name write a line of its own', () => {
    const forged = text({ client: 'Shop\n\n@evil.example #999999\u2028x' });
    expect(forged.split('\n').filter((line) => line.startsWith('@'))).to.have.length(1);
    expect(forged.split(/[\n\u2028]/)).to.have.length(3);
  });

  it('leaves a name the signs that hold its letters together', () => {
    const persian = 'عل\u06cc\u200cرضا';
    expect(text({ client: `${persian} 👩🏽‍🚀` })).to.contain(`to ${persian} 👩🏽‍🚀.`);
    expect(text({ client: 'Tea\u202e\u200b Shop' })).to.contain('to Tea Shop.');
  });

  it('lets the organisation write no line either, and cuts no sign in half', () => {
    const own = createMessages({
      ...{ templates: loadTemplates('views'), languages, host: 'id.example' },
      organisation: { name: `Guild\nof Ducks ${'🦆'.repeat(100)}` },
    });
    for (const code of ['048213', '0482130', '04821300']) {
      const whole = own.render({
        ...{ message: 'code', channel: 'sms', locale: 'en' },
        values: { code, purpose: 'sign-in' },
      }).text;
      expect(whole.split('\n')).to.have.length(3);
      expect(whole.isWellFormed(), whole).to.equal(true);
    }
  });

  it('does not escape as HTML', () => {
    expect(text({ client: 'Tea & Co' })).to.contain('Tea & Co');
  });
});

describe('message call', () => {
  const spoken = (values: Readonly<Record<string, string>>, locale = 'en'): string =>
    messages.render({ message: 'call', channel: 'voice', locale, values }).text;
  const code = '1, 2, 3, 4, 5, 6';

  for (const locale of languages.available) {
    for (const purpose of ['sign-in', 'enrol', 'change', 'reset']) {
      it(`is said in 20 seconds, on one line (${purpose}, ${locale})`, () => {
        for (const length of [4, 40, 200]) {
          const client = 'Tea Shop '.repeat(30).slice(0, length);
          const asks = spoken({ says: 'ask', digits: '2', purpose, client }, locale);
          expect(asks).to.have.length.at.most(300).and.not.to.contain('\n');
          if (purpose === 'reset') continue;
          const reads = spoken({ says: 'code', code, purpose, client }, locale);
          expect(reads).to.have.length.at.most(300);
          expect(reads.split(code)).to.have.length(3);
        }
      });
    }

    it(`says what became of it (${locale})`, () => {
      const all = ['passed', 'wrong-answer', 'denied', 'over'].map((says) =>
        spoken({ says }, locale),
      );
      expect(new Set(all).size).to.equal(4);
    });
  }

  it('says no sign of a name that nobody can say, nor half a one', () => {
    const own = createMessages({
      ...{ templates: loadTemplates('views'), languages, host: 'id.example' },
      organisation: { name: `Guild\u0000 ${'🦆'.repeat(40)}` },
    });
    const values = { says: 'ask', digits: '2', purpose: 'sign-in', client: 'Tea\u0007\nShop' };
    const { text: said } = own.render({ message: 'call', channel: 'voice', locale: 'en', values });
    expect(said.isWellFormed(), said).to.equal(true);
    expect(said)
      .to.contain('Tea Shop')
      .and.not.to.match(/\p{Cc}/u);
  });

  it('tells whom it is not to press 0, unless they are setting the phone up', () => {
    const asks = (purpose: string) => spoken({ says: 'ask', digits: '2', purpose });
    expect(asks('sign-in')).to.contain('press zero');
    expect(asks('enrol')).not.to.contain('zero');
  });
});

describe('mail', () => {
  it('has a subject of one line, a text and an HTML body', () => {
    const templates = new Map(
      ['subject', 'txt', 'html'].map((part) => [
        `messages/notice/mail.${part}`,
        (locals: object) => `${part}\n${JSON.stringify(locals)}\n`,
      ]),
    );
    const { render } = createMessages({ templates, languages, host: 'h', organisation });
    const mail = render({
      ...{ message: 'notice', channel: 'mail', locale: 'de' },
      values: { device: 'a\nphone' },
    });
    expect(mail.subject).to.match(/^subject \{.*\}$/);
    expect(mail.text).to.match(/^txt\n.*"locale":"de".*"device":"a phone"/);
    expect(mail.html).to.match(/^html\n/);
  });

  const sent = (organisation: object, values = {}, locale = 'fr') =>
    createMessages({
      ...{ templates: loadTemplates('views'), languages, host: 'h' },
      organisation: { name: 'Guild', ...organisation },
    }).render({
      ...{ message: 'notice', channel: 'mail', locale },
      values: { about: 'password-changed', name: 'Ada', at: '2026-07-01T10:00:00Z', ...values },
    });

  it('tells times in the zone of the reader, of the organisation, or in UTC', () => {
    const berlin = { timeZone: 'Europe/Berlin' };
    expect(sent(berlin, { zone: 'America/New_York' }).text).to.contain('06:00:00');
    expect(sent(berlin).text).to.contain('12:00:00');
    expect(sent(berlin, { zone: 'Mars/Olympus' }).text).to.contain('12:00:00');
    expect(sent({}).text).to.contain('10:00:00 UTC');
  });

  for (const locale of languages.available) {
    it(`says where to look over one’s ways to sign in, in text and HTML alike (${locale})`, () => {
      const { text, html } = sent({}, { account: 'https://id.example/account' }, locale);
      const { t } = languages.choose([locale]);
      for (const body of [text, html]) expect(body).to.contain(t('messages/mail.account'));
      expect(text).to.match(/^https:\/\/id\.example\/account$/m);
      expect(html).to.contain('href="https://id.example/account"');
      const code = messages.render({
        ...{ message: 'code', channel: 'mail', locale },
        values: { code: '048213', purpose: 'enrol', minutes: '10', account: 'https://x.example' },
      });
      expect(code.text + code.html, 'a mail with a code').not.to.match(/https?:|href/);
    });
  }

  it('names the contact in its language, and sets a subject as that language does', () => {
    const helpContact = { en: 'the office', fr: 'le bureau' };
    expect(sent({ helpContact }).text).to.contain('contactez le bureau.');
    expect(sent({ helpContact }, {}, 'de').text).to.contain('the office');
    expect(sent({}).subject).to.equal('Guild\u00a0: Votre mot de passe a été changé');
    expect(sent({}, {}, 'en').subject).to.equal('Guild: Your password was changed');
  });
});
