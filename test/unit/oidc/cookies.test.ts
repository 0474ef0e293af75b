import { expect } from 'chai';

import { cookiesFor } from '../../../src/oidc/cookies.ts';

describe('cookies', () => {
  it('of an https issuer have names that browsers defend (S-161)', () => {
    const { names, long, short } = cookiesFor('https://id.example', ['key']);
    expect(names).to.deep.equal({
      session: '__Host-session',
      interaction: '__Secure-interaction',
      resume: '__Secure-resume',
    });
    expect(long).to.include({ secure: true, httpOnly: true, sameSite: 'lax', path: '/' });
    expect(short).to.include({ secure: true, httpOnly: true, sameSite: 'lax' });
    expect(short).not.to.have.property('path');
  });

  it('of an issuer on loopback work without https (D-10)', () => {
    const { names, long, short } = cookiesFor('http://localhost:3000', ['key']);
    expect(Object.values(names ?? {}).join()).not.to.include('__');
    expect(long).not.to.have.property('secure');
    expect(short).not.to.have.property('secure');
  });
});
