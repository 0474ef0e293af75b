import { expect } from 'chai';

import { calmly, explain, happened, proofsIn } from '../../../../scripts/demo-app/explain.ts';
import { methods } from '../../../../src/methods/index.ts';

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

  it('name what stands behind each step', () => {
    const behind = (amr: readonly string[]) => proofsIn({ ...tokens, claims: { amr } });
    expect(behind(['pwd'])).to.deep.equal(['a password', undefined]);
    expect(behind(['pwd', 'pop', 'mfa'])).to.deep.equal(['a password', 'an approval on the phone']);
    const key = 'a key that may be software';
    expect(behind(['mfa', 'pwd', 'swk', 'user'])).to.deep.equal(['a password', key]);
    expect(behind(['mfa', 'swk', 'user'])).to.deep.equal([
      'a key that checked its user by PIN or fingerprint',
      key,
    ]);
  });

  it('have words for what each method of a sign-in proves', () => {
    const ofKeys = { amr: ['swk', 'hwk', 'user'] };
    const ofSignIns = Object.values(methods).filter(({ purposes }) =>
      (purposes as readonly string[]).includes('sign-in'),
    );
    for (const { amr } of [...ofSignIns, ofKeys]) {
      const [said] = explain({ ...tokens, claims: { amr } });
      for (const reference of amr) {
        expect(said?.meaning.split(/: |, /), reference).not.to.include(reference);
      }
    }
  });

  const begun = { ask: 'two-steps', state: '', nonce: '', verifier: '', begunAt: 60_500 } as const;
  const claims = { acr: 'urn:doorstep:acr:mfa', auth_time: 59 };
  const stories = [
    ['a proof before the question', {}, {}, /^Nothing was asked: you proved both at \d\d:\d\d\.$/],
    ['the same, of one step', {}, { acr: 'urn:doorstep:acr:pwd' }, /you proved your password at/],
    ['a proof in the second of the question', {}, { auth_time: 60 }, /signed in with two steps/],
    ['no time', {}, { auth_time: undefined }, /signed in with two steps/],
    ['consent', { ask: 'partner' }, {}, /The partner app knows you now/],
  ] as const;
  for (const [what, request, said, words] of stories) {
    it(`say whether anything was asked: ${what}`, () => {
      const back = { ...tokens, claims: { ...claims, ...said } };
      expect(happened({ begun: { ...begun, ...request }, tokens: back })).to.match(words);
    });
  }

  it('have words for a refusal, and calm ones for what nobody foresaw', () => {
    expect(calmly('access_denied')).to.contain('Nothing has happened');
    expect(calmly('something_new')).to.contain('try again');
  });
});
