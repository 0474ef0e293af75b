import { expect } from 'chai';

import { signedIn } from '../../../src/oidc/finish-interaction.ts';
import { password, text } from './small-provider.ts';

const now = new Date('2026-11-22T12:00:00Z');
const at = (time: string) => new Date(`2026-11-22T${time}Z`);
const finish = (proofs: Parameters<typeof signedIn>[0]['proofs'], grantId?: string) =>
  signedIn({ accountId: 'ada', remember: true, proofs, ...(grantId && { grantId }) }, now);

describe('the result of a sign-in', () => {
  it('takes level and references from the proofs', () => {
    const { login } = finish([password(at('11:00:00'))]);
    expect(login).to.include({ acr: 'urn:doorstep:acr:pwd', accountId: 'ada', remember: true });
    expect(login?.amr).to.deep.equal(['pwd']);
  });

  it('is dated by the latest step (S-043)', () => {
    const { login } = finish([password(at('10:00:00')), text(at('11:30:00.900'))]);
    expect(login?.ts).to.equal(at('11:30:00').getTime() / 1000);
  });

  it('keeps one proof of each credential, the last', () => {
    const { login } = finish([
      password(at('09:00:00')),
      text(at('10:00:00')),
      text(at('11:00:00')),
    ]);
    expect(login?.proofs).to.deep.equal([password(at('09:00:00')), text(at('11:00:00'))]);
  });

  it('mentions consent only where it was given, because the mention satisfies prompt=consent', () => {
    expect(finish([password(now)])).not.to.have.property('consent');
    expect(finish([password(now)], 'g').consent).to.deep.equal({ grantId: 'g' });
  });

  it('refuses a sign-in that nothing proves', () => {
    expect(() => finish([])).to.throw('without proofs');
    expect(() => finish([text(now)])).to.throw('without proofs');
  });
});
