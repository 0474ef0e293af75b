import { expect } from 'chai';

import { acr } from '../../../src/assurance/proof.ts';
import { type Asked, requestedGoal, type SignInPolicy } from '../../../src/oidc/goal.ts';

const everyone: SignInPolicy = { twoSteps: 'everyone' };
const whenAsked: SignInPolicy = { twoSteps: 'when-asked' };
const { pwd, mfa } = acr;

describe('requested goal', () => {
  const table: [Asked, SignInPolicy, string][] = [
    [{}, whenAsked, pwd],
    [{}, everyone, mfa],
    [{ acrValues: '' }, whenAsked, pwd],
    [{ acrValues: pwd }, whenAsked, pwd],
    [{ acrValues: pwd }, everyone, mfa],
    [{ acrValues: mfa }, whenAsked, mfa],
    [{ acrValues: `${mfa} ${pwd}` }, whenAsked, pwd],
    [{ acrValues: `${pwd} ${mfa}` }, whenAsked, pwd],
    [{ acrValues: `unknown ${mfa}` }, whenAsked, mfa],
    [{ acrValues: 'unknown' }, whenAsked, 'unmet'],
    [{ acrValues: 'unknown' }, everyone, 'unmet'],
    [{ acrValues: mfa.toUpperCase() }, whenAsked, 'unmet'],
    [{ acrClaim: null }, whenAsked, pwd],
    [{ acrClaim: {} }, whenAsked, pwd],
    [{ acrClaim: { value: mfa } }, whenAsked, mfa],
    [{ acrClaim: { values: [mfa, pwd] } }, whenAsked, pwd],
    [{ acrClaim: { values: ['unknown'] } }, whenAsked, 'unmet'],
    [{ acrValues: pwd, acrClaim: { value: mfa } }, whenAsked, mfa],
    [{ acrValues: mfa, acrClaim: { value: pwd } }, whenAsked, mfa],
    [{ acrValues: mfa, acrClaim: { value: 'unknown' } }, whenAsked, 'unmet'],
    [{ requiredAcr: mfa }, whenAsked, mfa],
    [{ requiredAcr: mfa, acrValues: pwd }, whenAsked, mfa],
    [{ requiredAcr: pwd, acrValues: mfa }, whenAsked, mfa],
  ];

  for (const [asked, policy, expected] of table) {
    it(`is ${expected} for ${JSON.stringify(asked)}, two steps ${policy.twoSteps}`, () => {
      const goal = requestedGoal(asked, policy);
      expect(goal === 'unmet' ? goal : goal.acr).to.equal(expected);
    });
  }
});
