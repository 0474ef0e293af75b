/**
 * What `npm run doorstep` says to whoever is refused, by which exit code scripts learn why, and what
 * it notes of what is done and of no use.
 */
import { expect } from 'chai';

import { type CommandLine, openCommandLine } from '../support/command-line.ts';

describe('npm run doorstep, refusing', () => {
  let line: CommandLine;
  before(async () => {
    line = await openCommandLine();
    await line.doorstep('accounts', 'create', 'ines');
  });
  after(() => line.close());

  it('says what is wrong with a key in words for people, and ends with 1', async () => {
    const add = ['methods', 'add', 'ines', 'security-key'];
    for (const [input, told] of [
      ['{"credentialId":"a+b"}', 'The key: credentialId is not base64url; publicKey is missing.\n'],
      ['{"credentialId":1,"publicKey":"a","id":"x"}', /credentialId must be a text; .* "id"\.\n$/],
      ['[]', 'The key: must be an object.\n'],
      ['{', 'The key is no JSON.\n'],
      ['', 'There is no key on the input.\n'],
    ] as const) {
      const { code, stderr } = await line.gives(input, ...add);
      expect(code, input).to.equal(1);
      if (typeof told === 'string') expect(stderr).to.equal(told);
      else expect(stderr).to.match(told);
    }
  });

  it('tells what it does not know from what cannot be, by its words and its exit code', async () => {
    const makes = ['methods', 'default', 'ines'];
    for (const [typed, code, told] of [
      [['txt'], 2, 'There is no method "txt"; did you mean text?\n'],
      [['recovery-code'], 1, /^Sign-in can begin with /],
      [['approve'], 1, '"ines" has set up nothing for approve; see "methods list".\n'],
      [['code', 'x'], 1, /nothing for code with the id "x"; see "methods list"\.\n$/],
    ] as const) {
      const printed = await line.gives('', ...makes, ...typed);
      expect(printed.code, typed.join(' ')).to.equal(code);
      if (typeof told === 'string') expect(printed.stderr).to.equal(told);
      else expect(printed.stderr).to.match(told);
    }
  });

  it('notes where trusted browsers would spare nobody anything', async () => {
    const set = async (...typed: [string, string]) =>
      line.doorstep('policy', 'set', ...typed, '--reason', 'to see');
    const note = /Note: trustedBrowsers spares nobody anything/;
    expect(await set('trustedBrowsers.days', '30')).not.to.match(note);
    expect(await set('twoSteps', 'when-asked')).to.match(note);
    expect(await set('trustedBrowsers.days', '14')).to.match(note);
    expect(await set('rememberDays', '7')).not.to.match(note);
    expect(await set('trustedBrowsers.satisfiesMfa', 'true')).not.to.match(note);
  });
});
