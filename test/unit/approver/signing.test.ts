import { createPublicKey, verify, type webcrypto } from 'node:crypto';

import { expect } from 'chai';

import { approverModule } from '../../support/approver-module.ts';

type Parts = Readonly<Record<string, string>>;

interface Signing {
  pairText(parts: Parts): string;
  helloText(parts: Parts): string;
  answerText(parts: Parts): string;
  sign(key: webcrypto.CryptoKey, text: string): Promise<string>;
}

describe('signatures of a phone', () => {
  let signing: Signing;
  before(async () => {
    signing = await approverModule<Signing>('signing.js');
  });

  it('are over a text that says what for', () => {
    expect(signing.pairText({ code: 'C', key: 'K' })).to.equal('doorstep/pair\nC\nK');
    expect(signing.helloText({ device: 'D', nonce: 'N' })).to.equal('doorstep/hello\nD\nN');
    const answer = { challenge: 'c', nonce: 'n', decision: 'approve', number: '07', counter: '3' };
    expect(signing.answerText(answer)).to.equal('doorstep/answer\nc\nn\napprove\n07\n3');
    expect(signing.answerText({ ...answer, decision: 'deny', number: '' })).to.equal(
      'doorstep/answer\nc\nn\ndeny\n\n3',
    );
  });

  it('are what Node verifies as ECDSA in the form of IEEE P1363', async () => {
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    const pair = await crypto.subtle.generateKey(curve, false, ['sign', 'verify']);
    const spki = Buffer.from(await crypto.subtle.exportKey('spki', pair.publicKey));
    const publicKey = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const text = signing.helloText({ device: 'Ä', nonce: '€' });
    const signature = await signing.sign(pair.privateKey, text);
    expect(signature).to.match(/^[\w-]{86}$/);
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
    const sent = Buffer.from(signature, 'base64url');
    expect(verify('sha256', Buffer.from(text), key, sent)).to.equal(true);
    expect(verify('sha256', Buffer.from(`${text}x`), key, sent)).to.equal(false);
  });
});
