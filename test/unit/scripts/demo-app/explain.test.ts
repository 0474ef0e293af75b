import { expect } from 'chai';

import { calmly, explain } from '../../../../scripts/demo-app/explain.ts';

const tokens = { idToken: '', accessToken: '', scope: 'openid', expiresAt: 0 };

describe("the demo app's explanations", () => {
  it('put the level and the proofs first, in plain words', () => {
    const claims = { sub: 'a1', amr: ['pwd', 'sms', 'mfa'], acr: 'urn:doorstep:acr:mfa' };
    const lines = explain({ ...tokens, claims });
    expect(lines.map(({ name, value }) => `${name}: ${value}`)).to.deep.equal([
      'acr: urn:doorstep:acr:mfa',
      'amr: pwd, sms, mfa',
      'sub: a1',
    ]);
    expect(lines[1]?.meaning).to.equal(
      'what was proved: a password, a code sent by text, two different kinds of proof',
    );
  });

  it('have words for a refusal, and calm ones for what nobody foresaw', () => {
    expect(calmly('access_denied')).to.contain('Nothing has happened');
    expect(calmly('something_new')).to.contain('try again');
  });
});
