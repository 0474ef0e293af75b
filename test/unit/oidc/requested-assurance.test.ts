import { expect } from 'chai';

import { acr } from '../../../src/assurance/proof.ts';
import { type AcrClaim, type Asked, requestedGoal } from '../../../src/oidc/requested-assurance.ts';

const { pwd, mfa, phr, phrh } = acr;
const everyone = { twoSteps: 'everyone', reachable: [pwd, mfa] } as const;
const whenAsked = { twoSteps: 'when-asked', reachable: [pwd, mfa] } as const;
const withKeys = { twoSteps: 'when-asked', reachable: [pwd, mfa, phr] } as const;

const must = (claim: AcrClaim): Asked => ({ acrClaims: [{ essential: true, ...claim }] });
const wish = (claim: AcrClaim): Asked => ({ acrClaims: [claim] });

type Row = readonly [Asked, expected: string];

describe('The requested level', () => {
  const lists: readonly Row[] = [
    [{}, pwd],
    [{ acrValues: '' }, pwd],
    [{ acrValues: '  ' }, pwd],
    [{ acrValues: pwd }, pwd],
    [{ acrValues: mfa }, mfa],
    [{ acrValues: `${mfa} ${pwd}` }, pwd],
    [{ acrValues: `${pwd} ${mfa}` }, pwd],
    [{ acrValues: `unknown ${mfa}` }, mfa],
    [{ acrValues: 'unknown' }, 'unmet'],
    [{ acrValues: mfa.toUpperCase() }, 'unmet'],
    [{ acrValues: phr }, 'unmet'],
    [{ acrValues: phrh }, 'unmet'],
    [{ acrValues: `${phr} ${phrh}` }, 'unmet'],
    [{ acrValues: `${phr} unknown` }, 'unmet'],
    [{ acrValues: `${phr} ${mfa}` }, mfa],
    [{ acrValues: `${phrh} ${pwd}` }, pwd],
  ];
  table('of acr_values (D-6, S-046)', whenAsked, lists);

  const claims: readonly Row[] = [
    [{ acrClaims: [null] }, pwd],
    [must({}), pwd],
    [must({ value: mfa }), mfa],
    [must({ values: [mfa] }), mfa],
    [must({ values: [mfa, pwd] }), pwd],
    [must({ values: ['unknown', mfa] }), mfa],
    [must({ values: ['unknown'] }), 'unmet'],
    [must({ value: phr }), 'unmet'],
    [must({ values: [phr, mfa] }), mfa],
    [must({ value: mfa, values: [pwd] }), mfa],
    [must({ value: 'unknown', values: [mfa] }), 'unmet'],
    [wish({ value: mfa }), mfa],
    [wish({ essential: false, values: [phr, mfa] }), mfa],
    [wish({ value: 'unknown' }), pwd],
    [wish({ values: [phr] }), pwd],
    [{ acrClaims: [null, { essential: true, value: mfa }] }, mfa],
    [{ acrClaims: [{ essential: true, value: mfa }, { value: pwd }] }, mfa],
    [
      { acrClaims: [{ essential: true, value: pwd }, must({ value: 'unknown' }).acrClaims?.[0]] },
      'unmet',
    ],
    [{ acrValues: pwd, ...must({ value: mfa }) }, mfa],
    [{ acrValues: mfa, ...must({ value: pwd }) }, mfa],
    [{ acrValues: mfa, ...must({ value: 'unknown' }) }, 'unmet'],
    [{ acrValues: 'unknown', ...must({ value: mfa }) }, 'unmet'],
    [{ acrValues: 'unknown', ...wish({ value: mfa }) }, 'unmet'],
    [{ acrValues: mfa, ...wish({ value: 'unknown' }) }, mfa],
  ];
  table('of the claims parameter (S-047)', whenAsked, claims);

  const floors: readonly Row[] = [
    [{ requiredAcr: mfa }, mfa],
    [{ requiredAcr: mfa, acrValues: pwd }, mfa],
    [{ requiredAcr: mfa, acrValues: `${phr} ${pwd}` }, mfa],
    [{ requiredAcr: mfa, acrValues: 'unknown' }, 'unmet'],
    [{ requiredAcr: mfa, acrValues: phr }, 'unmet'],
    [{ requiredAcr: pwd, acrValues: mfa }, mfa],
    [{ requiredAcr: phr }, 'unmet'],
    [{ requiredAcr: phr, acrValues: pwd }, 'unmet'],
  ];
  table('with a floor of the app', whenAsked, floors);

  const steps: readonly Row[] = [
    [{}, mfa],
    [{ acrValues: pwd }, mfa],
    [{ acrValues: mfa }, mfa],
    [{ requiredAcr: pwd }, mfa],
    [must({ value: pwd }), mfa],
    [{ acrValues: 'unknown' }, 'unmet'],
    [{ acrValues: phr }, 'unmet'],
  ];
  table('where everyone needs two steps', everyone, steps);

  const keys: readonly Row[] = [
    [{ acrValues: phr }, phr],
    [{ acrValues: phrh }, 'unmet'],
    [{ acrValues: `${phrh} ${phr}` }, phr],
    [{ acrValues: `${phr} ${mfa}` }, mfa],
    [{ requiredAcr: phr, acrValues: mfa }, phr],
    [must({ values: [phrh, phr] }), phr],
  ];
  table('where keys are switched on (S-040)', withKeys, keys);

  it('is policy’s own where no app asks for as much, and is no wish of one either', () => {
    const isOwn = (asked: Asked, policy: Parameters<typeof requestedGoal>[1] = everyone) => {
      const goal = requestedGoal(asked, policy);
      return goal !== 'unmet' && goal.isPolicysOwn === true;
    };
    for (const asked of [{}, { acrValues: pwd }, { requiredAcr: pwd }, must({ value: pwd })]) {
      expect(isOwn(asked), JSON.stringify(asked)).to.equal(true);
      expect(isOwn(asked, whenAsked)).to.equal(false);
    }
    for (const asked of [
      ...[{ acrValues: mfa }, { requiredAcr: mfa }, { requiredAcr: mfa, acrValues: pwd }],
      ...[must({ value: mfa }), wish({ value: mfa })],
    ]) {
      expect(isOwn(asked), JSON.stringify(asked)).to.equal(false);
    }
    expect(isOwn({ acrValues: phr }, { ...withKeys, twoSteps: 'everyone' })).to.equal(false);
  });

  function table(title: string, policy: Parameters<typeof requestedGoal>[1], rows: readonly Row[]) {
    describe(title, () => {
      for (const [asked, expected] of rows) {
        it(`is ${expected} for ${JSON.stringify(asked)}`, () => {
          const goal = requestedGoal(asked, policy);
          expect(goal === 'unmet' ? goal : goal.acr).to.equal(expected);
        });
      }
    });
  }
});
