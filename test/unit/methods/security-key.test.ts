/**
 * What a key may prove, and what of it the library never sees.
 */
import { randomBytes } from 'node:crypto';

import { expect } from 'chai';
import { decodeAttestationObject } from '@simplewebauthn/server/helpers';

import { keyName } from '../../../src/credentials/security-key.ts';
import { openMethod } from '../../../src/methods/open.ts';
import { isVerifiable } from '../../../src/methods/security-key/public-key.ts';
import { isRpIdOf, relyingPartyOf } from '../../../src/methods/security-key/relying-party.ts';
import { judgeable } from '../../../src/methods/security-key/statement.ts';
import { securityKey } from '../../../src/methods/security-key/index.ts';
import { createAuthenticator, type Options } from '../../support/authenticator.ts';
import type { CborValue } from '../../support/cbor.ts';
import { createPorts, noKeys, vault } from './ports.ts';

const key = createAuthenticator('https://id.example.org');
const options: Options = { challenge: 'AAAA', rp: { id: 'id.example.org' } };

/** What a new key sends, with this said of it. */
function attested(format: string, certificates: number | CborValue): string {
  const x5c =
    typeof certificates === 'number'
      ? Array.from({ length: certificates }, () => Buffer.alloc(9))
      : certificates;
  const made = key.create(options, { format, statement: new Map([['x5c', x5c]]) });
  const { response } = JSON.parse(made) as { response: { attestationObject: string } };
  return response.attestationObject;
}

/** A new key of which one part is a number. */
function numbered(label: -2 | -3): string {
  const sent = Buffer.from(attested('none', []), 'base64url').toString('hex');
  const [head, bytes] = label === -2 ? ['21', '225820'] : ['22', ''];
  const at = new RegExp(`${head}5820.{64}(?=${bytes})`);
  return Buffer.from(sent.replace(at, `${head}1affffffff`), 'hex').toString('base64url');
}

const decoded = (attestationObject: string) =>
  decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));

describe('What a maker says of a key', () => {
  for (const format of ['android-key', 'android-safetynet', 'apple']) {
    it(`does not reach the library as ${format}, which it would follow into the network (S-107)`, async () => {
      const sent = attested(format, 2);
      const bare = decoded(await judgeable(sent));
      expect(bare.get('fmt')).to.equal('none');
      expect(bare.get('attStmt').get('x5c')).to.equal(undefined);
      expect(bare.get('authData')).to.deep.equal(decoded(sent).get('authData'));
    });
  }

  it('is left as it is where it is judged by itself', async () => {
    for (const format of ['packed', 'fido-u2f', 'tpm', 'unheard-of']) {
      const sent = attested(format, 5);
      expect(await judgeable(sent)).to.equal(sent);
    }
  });

  it('is refused with numbers where bytes belong, which would fill the memory (S-107)', async () => {
    const much = 0xffffffff;
    for (const sent of [attested('packed', [much]), numbered(-2), numbered(-3)]) {
      const error = await judgeable(sent).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(Error);
    }
    const [made] = key.made;
    const whole = made?.publicKey.toString('hex') ?? '';
    for (const label of ['21', '22']) {
      const cose = whole.replace(new RegExp(`${label}5820.{64}`), `${label}1affffffff`);
      expect(cose).not.to.equal(whole);
      expect(await isVerifiable(Buffer.from(cose, 'hex').toString('base64url'))).to.equal(false);
    }
    expect(await isVerifiable(made?.publicKey.toString('base64url') ?? '')).to.equal(true);
  });

  it('is refused with more certificates than any maker sends (S-107)', async () => {
    for (const format of ['packed', 'tpm']) {
      const error = await judgeable(attested(format, 6)).catch((thrown: unknown) => thrown);
      expect(error, format).to.be.instanceOf(Error);
    }
  });
});

describe('A key that is used', () => {
  const origin = 'https://id.example.org';
  const userHandle = randomBytes(32).toString('base64url');
  const method = openMethod('security-key', securityKey, {}, createPorts().ports);
  const policy = { ...noKeys, passwordless: true };

  /** `was`: whether it ever made sure of its user before. */
  async function judged({ was, is, alone }: { was: boolean; is: boolean; alone: boolean }) {
    const key = createAuthenticator(origin, { verifiesUser: is });
    key.create({ ...options, user: { id: userHandle } });
    const [made] = key.made;
    const data = {
      ...{ credentialId: made?.id, publicKey: made?.publicKey.toString('base64url') },
      ...{ signCount: 0, transports: [], aaguid: '00000000-0000-0000-0000-000000000000' },
      ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: was },
    };
    return method.judge({
      ...{ data, userHandle, policy, vault, challengeId: 'c', purpose: 'sign-in' },
      memo: { challenge: 'AAAA', ...(alone && { isUnnamed: true, isVerifying: true }) },
      form: { response: key.get({ challenge: 'AAAA', rpId: 'id.example.org' }) },
    });
  }

  it('stands alone only once it made sure of its user when somebody was sure to be it (S-021)', async () => {
    for (const was of [true, false]) {
      for (const is of [true, false]) {
        const { outcome } = await judged({ was, is, alone: true });
        expect(outcome, JSON.stringify({ was, is })).to.equal(was && is ? 'passed' : 'failed');
      }
    }
  });

  it('learns beside a password that it makes sure, and does not forget it', async () => {
    for (const [was, is] of [
      [false, true],
      [true, false],
      [true, true],
    ] as const) {
      const verdict = await judged({ was, is, alone: false });
      expect(verdict).to.have.nested.property('credential.isUserVerified', true);
      const amr = is ? ['swk', 'user'] : ['swk'];
      expect(verdict).to.have.property('amr').that.deep.equals(amr);
    }
  });
});

describe('The name of a key', () => {
  it('is one line that no terminal obeys (S-108)', () => {
    expect(keyName.parse(' Blue\u001B]52;c;x\u0007\r\nkey\u2028 ')).to.equal('Blue ]52;c;x   key');
    expect(Array.from(keyName.parse('🔑'.repeat(70)))).to.have.length(64);
  });
});

describe('The domain of keys (S-109)', () => {
  it('is the host of the issuer or one above it, and never an address', () => {
    expect(relyingPartyOf('https://id.example.org')?.id).to.equal('id.example.org');
    expect(relyingPartyOf('https://10.0.0.5:8443')).to.equal(undefined);
    expect(relyingPartyOf('https://[fd00::5]')).to.equal(undefined);
    const allowed = ['id.example.org', 'example.org'];
    const others = ['org', 'other.org', 'ample.org', 'x.id.example.org', ''];
    for (const id of [...allowed, ...others]) {
      expect(isRpIdOf('https://id.example.org', id), id).to.equal(allowed.includes(id));
    }
    expect(isRpIdOf('https://10.0.0.5', '0.0.5')).to.equal(false);
  });
});
