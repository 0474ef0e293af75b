import { expect } from 'chai';

import { createCallbackAddresses } from '../../../src/flow/callback-address.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';

const noon = new Date('2026-11-30T12:00:00Z');
const later = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);
const issuer = 'https://id.example.org';

const open = (now = noon, secrets = ['a secret of this test']) =>
  createCallbackAddresses({ issuer, crypt: createCrypt(secrets), clock: { now: () => now } });
const address = open().addressOf({
  ...{ method: 'call', credential: 'c1', challengeId: 'q1', locale: 'de' },
});
const asked = address.slice(issuer.length);

describe('The address that a provider is given', () => {
  it('is ours, names the question, and is read as a whole', () => {
    expect(address).to.match(
      /^https:\/\/id\.example\.org\/callbacks\/call\/c1\/q1\?locale=de&until=\d+&signature=[\w-]+$/,
    );
    expect(open().read(asked)).to.equal(address);
  });

  it('is good for twenty minutes, judged when it is read', () => {
    expect(open(later(1199)).read(asked)).to.equal(address);
    expect(open(later(1200)).read(asked)).to.equal(undefined);
  });

  it('is refused with any sign changed, added or left out', () => {
    for (let at = 0; at < asked.length; at += 1) {
      const other = asked[at] === 'x' ? 'y' : 'x';
      expect(
        open().read(`${asked.slice(0, at)}${other}${asked.slice(at + 1)}`),
        `at ${at}`,
      ).to.equal(undefined);
    }
    const longer = [`${asked}x`, `${asked}&more=1`, `${asked}&signature=`, `${asked}&signature=x`];
    for (const forged of [...longer, asked.slice(0, -1), '', '&signature=']) {
      expect(open().read(forged), forged).to.equal(undefined);
    }
  });

  it('outlives a change of keys, and not the loss of them', () => {
    expect(open(noon, ['a newer one', 'a secret of this test']).read(asked)).to.equal(address);
    expect(open(noon, ['a newer one']).read(asked)).to.equal(undefined);
  });
});
