import { expect } from 'chai';

import { layerOf } from '../../../src/config/layers.ts';
import { loadSettings } from '../../../src/config/load.ts';
import { makeSecrets } from '../../../src/config/own-secrets.ts';
import { SettingsError } from '../../../src/config/problems.ts';
import type { Secrets } from '../../../src/config/secrets.ts';

const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

// The last value that the source allows, and the first that it does not.
const ceilings: readonly (readonly [path: string, allowed: number, refused: number])[] = [
  ['server.headersTimeoutSeconds', 60, 61],
  ['policy.passwordMinimum', 8, 7],
  ['policy.passwordMinimumAlone', 15, 14],
  ['policy.rememberDays', 30, 31],
  ['passwords.atOnce', 4, 5],
  ['channels.push.timeoutSeconds', 10, 11],
  ['methods.text.digits', 6, 5],
  ['methods.text.validForSeconds', 10 * MINUTE, 10 * MINUTE + 1],
  ['limits.wrongPasswords.mostInARow', 100, 101],
  ['limits.wrongSecondFactors.mostPerChallenge', 5, 6],
  ['limits.wrongSecondFactors.mostInARow', 100, 101],
  ['limits.secondStepWithinSeconds', 10 * MINUTE, 10 * MINUTE + 1],
  ['limits.sends.perNumberIn10Minutes', 5, 6],
  ['limits.sends.perNumberInADayForEnrolments', 20, 21],
  ['limits.sends.completionFromMessages', 100, 101],
  ['limits.sends.leastCompletionPercent', 5, 4],
  ['limits.sends.lowCompletionPauseSeconds', DAY, DAY + 1],
  ['oidc.authorizationCodeSeconds', 60, 61],
  ['oidc.sessionSeconds', 30 * DAY, 30 * DAY + 1],
  ['oidc.unrememberedSessionSeconds', DAY, DAY + 1],
  ['oidc.mfaSeconds', DAY, DAY + 1],
  ['oidc.mfaIdleSeconds', 60 * MINUTE, 60 * MINUTE + 1],
  ['oidc.phrhSeconds', DAY / 2, DAY / 2 + 1],
  ['oidc.phrhIdleSeconds', 15 * MINUTE, 15 * MINUTE + 1],
  ['oidc.refreshTokenTotalSeconds', 365 * DAY, 365 * DAY + 1],
];

describe('the ceilings of the configuration', () => {
  let secrets: Secrets;
  before(async () => {
    secrets = await makeSecrets();
  });

  async function problemsWith(path: string, value: number): Promise<readonly string[]> {
    const overrides = { secrets, ...layerOf(path.split('.'), value) };
    return loadSettings({ environment: { NODE_ENV: 'test' }, overrides }).then(
      () => [],
      (error: unknown) => {
        if (!(error instanceof SettingsError)) throw error;
        return error.problems.map(({ where }) => where);
      },
    );
  }

  for (const [path, allowed, refused] of ceilings) {
    it(`let ${path} be ${allowed} and not ${refused}`, async () => {
      expect(await problemsWith(path, allowed)).to.deep.equal([]);
      expect(await problemsWith(path, refused)).to.deep.equal([path]);
    });
  }
});
