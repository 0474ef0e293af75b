import { expect } from 'chai';

import { doubtfulVariables, misspeltVariables } from '../../../src/config/misspelt.ts';

const refused = (...names: string[]): string[] =>
  misspeltVariables(Object.fromEntries(names.map((name) => [name, 'x']))).map(({ where }) => where);

describe('variables that are misspelt', () => {
  for (const [name, meant] of [
    ['SMS_PROVIDER_ULR', 'SMS_PROVIDER_URL'],
    ['TRUSTED_PROXY', 'TRUSTED_PROXIES'],
    ['COOKIE_KEY', 'COOKIE_KEYS'],
    ['COOKIE_KEY_FILE', 'COOKIE_KEYS_FILE'],
    ['MONGO_DB_URI', 'MONGODB_URI'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['ISSUERS', 'ISSUER'],
    ['HOST', 'HOSTS'],
  ] as const) {
    it(`are refused: ${name}`, () => {
      const [problem] = misspeltVariables({ [name]: 'x' });
      expect(problem?.where).to.equal(name);
      expect(problem?.what).to.contain(`did you mean ${meant}?`);
    });
  }

  it('are none of what every process has, nor of what containers are given', () => {
    const common = [
      'PATH',
      'HOME',
      'USER',
      'PWD',
      'TERM',
      'SHELL',
      'LANG',
      'HOSTNAME',
      'TZ',
      'SHLVL',
    ];
    const given = [
      'METRICS_PORT_9090_TCP',
      'MAIL_PORT',
      'SMS_SERVICE_HOST',
      'DOORSTEP_SERVICE_PORT',
    ];
    const ours = ['ISSUER', 'COOKIE_KEYS_FILE', 'NODE_ENV', 'DOORSTEP_CONFIG'];
    const others = ['HTTP_PROXY', 'NODE_OPTIONS', 'npm_config_cache', 'INVOCATION_ID'];
    expect(refused(...common, ...given, ...ours, ...others)).to.deep.equal([]);
  });

  it('may be allowed, and are nothing where they are empty', () => {
    expect(misspeltVariables({ HOST: 'x', ALLOWED_VARIABLES: 'OTHER, HOST' })).to.deep.equal([]);
    expect(misspeltVariables({ HOST: '' })).to.deep.equal([]);
  });

  it('are only warned of where they are less near', () => {
    const found = doubtfulVariables({ SMTP_URL_X: 'x', SMS_PROVIDER_URI_1: 'x', FOO: 'x' });
    expect(found.map(({ meant }) => meant)).to.deep.equal(['SMS_PROVIDER_URL']);
  });
});
