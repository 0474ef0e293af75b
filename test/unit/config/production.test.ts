import { expect } from 'chai';

import { layerOf, over } from '../../../src/config/layers.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { makeSecrets } from '../../../src/config/own-secrets.ts';
import { SettingsError } from '../../../src/config/problems.ts';
import type { Secrets } from '../../../src/config/secrets.ts';

describe('the configuration in production', () => {
  let secrets: Secrets;
  before(async () => {
    secrets = await makeSecrets();
  });

  async function problemsWith(
    environment: Record<string, string>,
    overrides = {},
  ): Promise<readonly string[]> {
    const sound = { issuer: 'https://id.example.org', database: { embedded: true }, secrets };
    return loadSettings({ environment, overrides: over(sound, overrides) }).then(
      () => [],
      (error: unknown) => {
        if (!(error instanceof SettingsError)) throw error;
        return error.problems.map(({ where, what }) => `${where} ${what}`);
      },
    );
  }

  const production = { NODE_ENV: 'production' };
  const sample = 'is a sample; make real secrets with: npm run secrets';
  const missing =
    'is missing; set MONGODB_URI, or database.embedded: true for an installation on one machine';

  // What is changed, and what is said about it.
  const refusals: readonly (readonly [path: string, value: unknown, said: string])[] = [
    ['issuer', 'http://localhost:3000', 'issuer must begin with https:// in production'],
    ['database.embedded', null, `database.uri ${missing}`],
    [
      'secrets.cookieKeys',
      null,
      'secrets.cookieKeys is missing; set COOKIE_KEYS or COOKIE_KEYS_FILE (npm run secrets makes one)',
    ],
    [
      'secrets.encryptionKeys',
      null,
      'secrets.encryptionKeys is missing; set ENCRYPTION_KEYS or ENCRYPTION_KEYS_FILE (npm run secrets makes one)',
    ],
    [
      'secrets.jwks',
      null,
      'secrets.jwks is missing; set JWKS or JWKS_FILE (npm run secrets makes one)',
    ],
    ['secrets.cookieKeys', ['a'.repeat(64)], `secrets.cookieKeys.0 ${sample}`],
    [
      'secrets.encryptionKeys',
      ['change-me-0123456789-abcdefghijklmnop'],
      `secrets.encryptionKeys.0 ${sample}`,
    ],
    ['secrets.vapidKey', `${'A'.repeat(42)}E`, `secrets.vapidKey ${sample}`],
    [
      'passwords.memoryKiB',
      64,
      'passwords.memoryKiB must be at least 19456 in production, with 2 passes',
    ],
    [
      'limits.wrongPasswords.windowSeconds',
      3,
      'limits.wrongPasswords.windowSeconds must be at least 900 in production',
    ],
    [
      'limits.sends.pausePerNumberSeconds',
      1,
      'limits.sends.pausePerNumberSeconds must be at least 60 in production',
    ],
    [
      'limits.sends.lowCompletionPauseSeconds',
      3599,
      'limits.sends.lowCompletionPauseSeconds must be at least 3600 in production',
    ],
    ['oidc.explainRefusals', true, 'oidc.explainRefusals must be false in production'],
    ...['127.0.0.1', '127.1.2.3', '::1', 'localhost', 'app.localhost'].map(
      (host) =>
        [
          'oidc.privateHosts',
          ['10.0.0.7', host],
          'oidc.privateHosts.1 is this machine itself, which production does not call',
        ] as const,
    ),
  ];

  it('starts when nothing is wrong', async () => {
    expect(await problemsWith(production)).to.deep.equal([]);
  });

  it('starts without a key for pushes, which are not there then', async () => {
    expect(await problemsWith(production, { secrets: { vapidKey: null } })).to.deep.equal([]);
  });

  it('is what is meant when nothing is said', async () => {
    expect(await problemsWith({}, { issuer: 'http://localhost:3000' })).to.have.lengthOf(1);
  });

  for (const [path, value, said] of refusals) {
    it(`refuses ${path}: ${JSON.stringify(value)}`, async () => {
      const changed = layerOf(path.split('.'), value);
      expect(await problemsWith(production, changed)).to.deep.equal([said]);
    });
  }

  it('names all refusals together', async () => {
    const changes = { issuer: 'http://localhost:3000', database: { embedded: null }, logg: {} };
    const problems = await problemsWith(production, changes);
    expect(problems.map((line) => line.split(' ')[0])).to.have.members([
      'issuer',
      'database.uri',
      'logg',
    ]);
  });

  it("refuses oidc-provider's own development keys by their name", async () => {
    const keys = secrets.jwks.keys.map((key) => ({ ...key, kid: `keystore-CHANGE-ME-${key.kty}` }));
    const changed = { secrets: { jwks: { keys } } };
    expect(await problemsWith(production, changed)).to.deep.equal([
      `secrets.jwks.keys.0 ${sample}`,
      `secrets.jwks.keys.1 ${sample}`,
    ]);
  });
});
