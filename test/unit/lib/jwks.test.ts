import { expect } from 'chai';

import { generateJwks, Jwks } from '../../../src/lib/jwks.ts';

describe('signing keys', () => {
  let made: Jwks;
  before(async () => {
    made = await generateJwks();
  });
  const parsing = (change: (jwks: { keys: Record<string, unknown>[] }) => void) => () => {
    const copy = structuredClone(made) as unknown as { keys: Record<string, unknown>[] };
    change(copy);
    return Jwks.parse(copy);
  };

  it('are made for RS256 and ES256, each with its own kid', () => {
    expect(made.keys.map(({ alg }) => alg)).to.deep.equal(['RS256', 'ES256']);
    expect(new Set(made.keys.map(({ kid }) => kid)).size).to.equal(2);
  });

  it('are read back as they were made', () => {
    expect(parsing(() => undefined)()).to.deep.equal(made);
  });

  const refused: [string, (jwks: { keys: Record<string, unknown>[] }) => void][] = [
    ['no keys', (jwks) => (jwks.keys = [])],
    ['public keys', ({ keys: [rsa] }) => delete rsa?.d],
    ['a key without kid', ({ keys: [rsa] }) => delete rsa?.kid],
    [
      'two keys of one name',
      (jwks) => (jwks.keys = jwks.keys.map((key) => ({ ...key, kid: 'same' }))),
    ],
    [
      'RSA keys below 3072 bits',
      ({ keys: [rsa] }) => Object.assign(rsa ?? {}, { n: 'x'.repeat(342) }),
    ],
    ['shared secrets', (jwks) => jwks.keys.push({ kty: 'oct', alg: 'HS256', kid: 'a', k: 'AAAA' })],
    ['other curves', ({ keys: [, ec] }) => Object.assign(ec ?? {}, { crv: 'P-384' })],
    ['keys without RS256', (jwks) => jwks.keys.shift()],
  ];
  for (const [what, change] of refused) {
    it(`may not be ${what}`, () => {
      expect(parsing(change)).to.throw();
    });
  }
});
