import { expect } from 'chai';

import { readPasted } from '../../../../scripts/handset/pasted.ts';

const ISSUER = 'http://localhost:3000';
const CODE = 'ABCD2345ABCD2345ABCD2345AB';
const SEED = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const URI = `otpauth://totp/Org:ada?secret=${SEED}&issuer=Org`;
const entry = { issuer: 'Org', account: 'ada', seed: SEED };

const read = (pasted: string, isForPairing = false) =>
  readPasted(pasted, { issuer: ISSUER, isForPairing });

describe('What is taken from a page onto the handset', () => {
  it('is a code that pairs where its address is the house’s, whatever was asked for', () => {
    const address = `${ISSUER}/approver#${CODE}`;
    for (const isForPairing of [true, false]) {
      expect(read(` ${address}\n`, isForPairing)).to.deep.equal({ pairing: CODE });
      const foreign = `https://evil.example/approver#${CODE}`;
      expect(read(foreign, isForPairing)).to.equal(undefined);
    }
  });

  it('is, bare, what somebody asked for', () => {
    expect(read('abcd 2345 abcd 2345 abcd 2345 ab', true)).to.deep.equal({ pairing: CODE });
    expect(read(CODE)).to.deep.equal({
      entry: { issuer: '', account: 'Key without a name', seed: CODE },
    });
  });

  it('is an account where a phone was to be paired, but the page shows one', () => {
    expect(read(URI)).to.deep.equal({ entry });
    expect(read(URI, true)).to.deep.equal({ entry });
  });

  it('is nothing where it is neither', () => {
    expect(read('hello', true)).to.equal(undefined);
    expect(read(`${ISSUER}/approver#hello`)).to.equal(undefined);
    expect(read(ISSUER)).to.equal(undefined);
  });
});
