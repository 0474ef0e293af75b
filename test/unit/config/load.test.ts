import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect } from 'chai';

import { loadSettings, type Sources } from '../../../src/config/load.ts';
import { makeSecrets } from '../../../src/config/own-secrets.ts';
import { SettingsError } from '../../../src/config/problems.ts';
import type { Secrets } from '../../../src/config/secrets.ts';

describe('the configuration', () => {
  let directory: string;
  let secrets: Secrets;

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), 'doorstep-config-'));
    secrets = await makeSecrets();
  });
  after(() => rmSync(directory, { recursive: true }));

  const file = (name: string, content: string): string => {
    const path = join(directory, name);
    writeFileSync(path, content);
    return path;
  };

  const load = (environment: Sources['environment'], overrides = {}) =>
    loadSettings({
      environment: { NODE_ENV: 'test', DATA_DIRECTORY: directory, ...environment },
      overrides: { secrets, ...overrides },
    });

  /** What is wrong, one line per problem. */
  async function problemsOf(loading: Promise<unknown>): Promise<readonly string[]> {
    try {
      await loading;
      return [];
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      return error.problems.map(({ where, what }) => `${where} ${what}`);
    }
  }

  it('lays variables over the named file, that over the environment, that over the default', async () => {
    const more = file(
      'more.yaml',
      'organisation: { name: From the file }\nlog: { level: error }\n',
    );
    const settings = await load({ DOORSTEP_CONFIG: more, LOG_LEVEL: 'fatal' });
    expect(settings.log.level).to.equal('fatal');
    expect(settings.organisation.name).to.equal('From the file');
    expect(settings.passwords.passes).to.equal(1);
    expect(settings.limits.wrongPasswords.freeTries).to.equal(5);
  });

  it('takes what is shown for everybody, or for each language', async () => {
    const imprint = { en: 'https://a.example/imprint', de: 'https://a.example/impressum' };
    const organisation = { helpContact: { en: 'us', fr: 'nous' }, links: { imprint } };
    const settings = await load({}, { organisation });
    expect(settings.organisation).to.deep.include({ ...organisation, timeZone: 'UTC' });
    const wrong: readonly unknown[] = [
      ...['http://a.example', 'javascript:alert(1)', '/imprint', 7],
      ...[{}, { en: 'imprint' }, { English: 'https://a.example' }],
    ];
    for (const privacy of wrong) {
      const problems = await problemsOf(load({}, { organisation: { links: { privacy } } }));
      expect(problems.join(), JSON.stringify(privacy)).to.match(/^organisation\.links\.privacy/);
    }
  });

  it('takes an empty value in a file as not set', async () => {
    const more = file('unset.yaml', 'channels: { sms: { url: } }\n');
    const withUrl = { channels: { sms: { url: 'https://sms.example.org' } } };
    expect((await load({}, withUrl)).channels.sms.url).to.equal('https://sms.example.org');
    expect((await load({ DOORSTEP_CONFIG: more })).channels.sms).not.to.have.property('url');
  });

  it('is frozen to the bottom', async () => {
    const settings = await load({});
    expect(() => Object.assign(settings.limits.sends, { perServiceInAnHour: 1 })).to.throw(
      TypeError,
    );
    expect(Object.isFrozen(settings.server.hosts)).to.equal(true);
  });

  it('tells everything that is wrong at once, each with its path and what is allowed', async () => {
    const overrides = {
      policy: { twoSteps: 'sometimes', rememberDays: 'many' },
      issuer: 'nonsense',
    };
    expect(
      await problemsOf(load({ PORT: '99999', TRUSTED_PROXIES: '10.0.0.0/8, home' }, overrides)),
    ).to.have.members([
      'issuer must be an origin without a path, such as https://id.example.org',
      'server.port must be a whole number from 0 to 65535',
      'server.trustedProxies.1 must be an IP address or a network such as 10.0.0.0/8',
      'policy.twoSteps must be one of: everyone, when-asked',
      'policy.rememberDays must be a whole number from 0 to 30',
    ]);
  });

  it('says what a driver needs of an account that is not set', async () => {
    const sender = { TWILIO_FROM: '+14255550100', TWILIO_AUTH_TOKEN: 'x' };
    expect(await problemsOf(load({ ...sender, SMS_DRIVER: 'twilio' }))).to.deep.equal([
      'channels.sms.driver is twilio, which needs channels.twilio.accountSid',
    ]);
    const account = { ...sender, TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}` };
    expect(await problemsOf(load({ ...account, SMS_DRIVER: 'twilio' }))).to.deep.equal([]);
    const what = 'must be one of: http, twilio, sns';
    const pigeon = await problemsOf(load({ SMS_FALLBACK_DRIVER: 'pigeon' }));
    expect(pigeon).to.deep.equal([`channels.sms.fallback.driver ${what}`]);
  });

  for (const [setting, value, what] of [
    ['organisation.accent', 'blue', 'must be a colour such as "#1a5fb4", in quotes'],
    ['organisation.accent', null, 'is missing, or not in quotes: # begins a comment'],
    ['organisation.logo', 'logo.svg', 'must be an address such as https://example.org/logo.svg'],
    [
      'channels.prices.sms.+49',
      0.075,
      'must be like { default: 0.05, 49: 0.075 }, by the first digits of numbers',
    ],
    ['organisation.alertsTo', 'me', 'must be a mail address such as security@example.org'],
    ['organisation.favicon', 'x.ico', 'must be an address such as https://example.org/logo.svg'],
    ['organisation.timeZone', 'Berlin', 'must be a time zone such as Europe/Berlin'],
    ['organisation.name', 'x'.repeat(201), 'must have at most 200 characters'],
    [
      'organisation.helpContact',
      4255550100,
      'must be a text, or one for each language such as { en: ..., fr: ... }; ' +
        'what looks like a number needs quotes in YAML',
    ],
    [
      'channels.mail.url',
      'mail.example.org',
      'must be an address such as smtps://user:password@mail.example.org:465',
    ],
    ['channels.sms.url', 'texts', 'must be an address such as https://texts.example.org/send'],
  ] as const) {
    it(`names the form that ${setting} has: not ${String(value).slice(0, 20)}`, async () => {
      const [section = '', ...path] = setting.split('.');
      const overrides = {
        [section]: path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value),
      };
      const mail = { MAIL_FROM: 'no-reply@example.org' };
      expect(await problemsOf(load(mail, overrides))).to.deep.equal([`${setting} ${what}`]);
    });
  }

  it('takes no mail server whose name is the beginning of a password', async () => {
    for (const [url, count] of [
      ['smtps://user:25/abc@mail.example.org', 1],
      ['smtps://user:abc?def@mail.example.org', 1],
      ['smtps://user:25%2Fabc@mail.example.org', 0],
      ['smtp://mail.example.org:587/', 0],
    ] as const) {
      const mail = { SMTP_URL: url, MAIL_FROM: 'no-reply@example.org' };
      expect(await problemsOf(load(mail)), url).to.have.length(count);
    }
  });

  it('takes no address of a database that the driver cannot read', async () => {
    for (const [uri, isTaken] of [
      ['mongodb://localhost', true],
      ['mongodb://[::1]:27017,b.example.org:27018/doorstep?replicaSet=rs0&tls=true', true],
      ['mongodb+srv://doorstep:p%2Fss%40@cluster.example.org/?retryWrites=true', true],
      ['mongodb://%2Ftmp%2Fmongodb.sock/doorstep', true],
      ['mongodb://user:p/ss@localhost/doorstep', false],
      ['mongodb://user:p@ss@localhost/doorstep', false],
      ['mongodb://user:p:ss@localhost/doorstep', false],
      ['postgres://localhost/doorstep', false],
    ] as const) {
      const told = await problemsOf(load({ MONGODB_URI: uri }));
      expect(
        told.some((line) => line.includes('database.uri must')),
        uri,
      ).to.equal(!isTaken);
    }
  });

  it('refuses one value for keys of both uses', async () => {
    const [key, other] = ['k'.repeat(40), 'o'.repeat(40)];
    const both = { ...secrets, cookieKeys: [other, key], encryptionKeys: [key] };
    expect(await problemsOf(load({}, { secrets: both }))).to.deep.equal([
      'secrets.cookieKeys.1 is among secrets.encryptionKeys, too; each needs a value of its own',
    ]);
  });

  it('refuses a setting that does not exist and names the one that was meant', async () => {
    const typos = { serverr: {}, limits: { wrongPasswords: { freeTrys: 3 } } };
    expect(await problemsOf(load({}, typos))).to.have.members([
      'serverr is not a setting; did you mean "server"?',
      'limits.wrongPasswords.freeTrys is not a setting; did you mean "freeTries"?',
    ]);
  });

  it('refuses __proto__ like any other unknown key and changes no prototype', async () => {
    const evil = file('evil.yaml', '__proto__: { polluted: true }\n');
    expect(await problemsOf(load({ DOORSTEP_CONFIG: evil }))).to.deep.equal([
      '__proto__ is not a setting',
    ]);
    expect({}).not.to.have.property('polluted');
  });

  it('says where a file cannot be read', async () => {
    const broken = file('broken.yaml', 'server: [1\n');
    expect((await problemsOf(load({ DOORSTEP_CONFIG: broken }))).join()).to.match(
      /broken\.yaml cannot be read: .* line 2/,
    );
    for (const [named, told] of [
      ['/nowhere.yaml', 'no such file: /nowhere.yaml'],
      [tmpdir(), `a folder, and no file: ${tmpdir()}`],
    ] as const) {
      // Alone, although nothing else is set.
      const environment = { NODE_ENV: 'production', DOORSTEP_CONFIG: named };
      const error: unknown = await loadSettings({ environment }).catch((thrown: unknown) => thrown);
      expect(error).to.include({
        message: `The configuration is not usable: DOORSTEP_CONFIG cannot be read: ${told}`,
      });
    }
  });

  it('says once that a secret cannot be read, and what a key set is', async () => {
    const nowhere = { COOKIE_KEYS_FILE: '/nowhere/keys', JWKS: 'RS256' };
    const environment = { NODE_ENV: 'production', ...nowhere };
    const told = await problemsOf(loadSettings({ environment }));
    expect(told.filter((line) => /cookie_?keys/i.test(line))).to.deep.equal([
      'COOKIE_KEYS_FILE cannot be read: no such file: /nowhere/keys',
    ]);
    expect(told).to.include('secrets.jwks must be a key set in JSON, as npm run secrets writes it');
  });

  it('takes plain http on localhost only', async () => {
    expect(await problemsOf(load({ ISSUER: 'http://localhost:3000' }))).to.deep.equal([]);
    expect(await problemsOf(load({ ISSUER: 'http://id.example.org' }))).to.deep.equal([
      'issuer must begin with https:// (http:// is for localhost only)',
    ]);
  });

  it('refuses a policy that leaves no second step', async () => {
    const off = { policy: { methods: { approve: { signIn: false }, code: { signIn: false } } } };
    const what = 'leaves no second step: none is on, or only such as need a missing channel';
    expect(await problemsOf(load({}, off))).to.deep.equal([`policy.methods ${what}`]);
    const SMS_PROVIDER_URL = 'https://sms.example.org';
    expect(await problemsOf(load({ SMS_PROVIDER_URL }, off))).to.deep.equal([]);
  });

  it('refuses two databases at once', async () => {
    const both = { MONGODB_URI: 'mongodb://db.example.org', EMBEDDED_DATABASE: 'true' };
    expect(await problemsOf(load(both))).to.deep.equal([
      'database.embedded cannot be true while database.uri names a MongoDB',
    ]);
  });

  describe('secrets', () => {
    it('come from a file when the variable with _FILE names one', async () => {
      const [first, second] = ['a'.repeat(40), 'b'.repeat(40)];
      const path = file('cookie-keys', `${first}\n${second}\n`);
      const settings = await load({ COOKIE_KEYS_FILE: path }, { secrets: { jwks: secrets.jwks } });
      expect(settings.secrets.cookieKeys).to.deep.equal([first, second]);
    });

    it('are refused when both the variable and its file are given', async () => {
      const path = file('token', 'from the file');
      const both = { SMS_PROVIDER_TOKEN: 'from the variable', SMS_PROVIDER_TOKEN_FILE: path };
      expect(await problemsOf(load(both))).to.deep.equal([
        'SMS_PROVIDER_TOKEN and SMS_PROVIDER_TOKEN_FILE are both set; keep one',
      ]);
    });

    it('are refused below 32 bytes', async () => {
      const short = { secrets: { ...secrets, cookieKeys: ['x'.repeat(31)] } };
      expect(await problemsOf(load({}, short))).to.deep.equal([
        'secrets.cookieKeys.0 must have at least 32 bytes',
      ]);
      const enough = { secrets: { ...secrets, cookieKeys: ['x'.repeat(32)] } };
      expect(await problemsOf(load({}, enough))).to.deep.equal([]);
    });

    it('hold a key for pushes that is one', async () => {
      const odd = { secrets: { ...secrets, vapidKey: 'odd' } };
      expect(await problemsOf(load({}, odd))).to.deep.equal([
        'secrets.vapidKey must be a key that npm run secrets made: 43 signs of base64url',
      ]);
      const VAPID_KEY_FILE = file('vapid-key', `${secrets.vapidKey ?? ''}\n`);
      const { vapidKey, ...others } = secrets;
      const settings = await load({ VAPID_KEY_FILE }, { secrets: others });
      expect(settings.secrets.vapidKey).to.equal(vapidKey);
    });

    it('never appear in a message', async () => {
      const secret = 'hunter2-hunter2';
      const environment = {
        ...{ COOKIE_KEYS: secret, ENCRYPTION_KEYS: secret, JWKS: `{"keys":["${secret}"]}` },
        VAPID_KEY: secret,
        ...{ MONGODB_URI: `postgres://u:${secret}@db`, SMTP_URL: `http://u:${secret}@mail` },
      };
      const problems = await problemsOf(loadSettings({ environment }));
      expect(problems.length).to.be.greaterThan(5);
      const DOORSTEP_CONFIG = file('secret.yaml', `secrets: { cookieKeys: [${secret}\n`);
      const cutOff = await problemsOf(loadSettings({ environment: { DOORSTEP_CONFIG } }));
      expect(cutOff.length).to.be.greaterThan(0);
      expect([...problems, ...cutOff].join('\n')).not.to.contain(secret);
    });

    it('are made once outside production, for their owner only, and kept', async () => {
      const environment = { NODE_ENV: 'test', DATA_DIRECTORY: join(directory, 'own') };
      const [first, second] = await Promise.all([
        loadSettings({ environment }),
        loadSettings({ environment }),
      ]);
      const third = await loadSettings({ environment });
      expect(second.secrets).to.deep.equal(first.secrets);
      expect(third.secrets).to.deep.equal(first.secrets);
      expect(first.secrets).to.have.keys('cookieKeys', 'encryptionKeys', 'jwks', 'vapidKey');
      expect(statSync(join(directory, 'own', 'secrets.json')).mode & 0o777).to.equal(0o600);
    });
  });
});
