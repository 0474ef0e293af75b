/**
 * Whatever somebody proves, in all combinations, whatever is wanted: the level, what is lacking and
 * the references follow from rules that are written here anew (S-041, S-042).
 */
import { expect } from 'chai';

import { amrOf } from '../../../src/assurance/amr.ts';
import { levelOf, supportedAcrs, whatIsLacking } from '../../../src/assurance/levels.ts';
import { acr, type Proof } from '../../../src/assurance/proof.ts';
import { securityKey } from '../../../src/methods/security-key/index.ts';
import { amrOf as amrOfKey, traitsOf } from '../../../src/methods/security-key/proof.ts';
import { noKeys } from '../methods/ports.ts';
import { now, password, text, trust } from './proofs.ts';

const { pwd, mfa, phr, phrh } = acr;

/** As the method itself says it of a key. */
function keyThat(
  { isUserVerified = false, isAttested = false, isPasskey = false },
  id = 'key',
): Proof {
  const stored = {
    ...{ credentialId: id, publicKey: 'k', signCount: 0, transports: [], aaguid: '' },
    ...{ isBackupEligible: false, isBackedUp: false, isUserVerified },
    ...(isAttested && { attestation: 'packed' }),
  };
  const policy = { ...noKeys, passwordless: isPasskey, attestation: 'asked' as const };
  return {
    ...{ account: 'x', method: 'security-key', credential: id, at: now },
    factor: securityKey.factor,
    amr: amrOfKey(stored),
    traits: traitsOf(stored, policy),
  };
}

const proofs = {
  password: password(),
  text: text(),
  'trusted browser': trust(),
  'key without a PIN': keyThat({}),
  'key with a PIN': keyThat({ isUserVerified: true }),
  'attested key': keyThat({ isAttested: true }),
  passkey: keyThat({ isUserVerified: true, isPasskey: true }),
} as const;
type Name = keyof typeof proofs;
const names = Object.keys(proofs) as Name[]; // its own

const keys: readonly Name[] = ['key without a PIN', 'key with a PIN', 'attested key', 'passkey'];
const references: Readonly<Record<Name, readonly string[]>> = {
  password: ['pwd'],
  text: ['sms'],
  'trusted browser': [],
  'key without a PIN': ['swk'],
  'key with a PIN': ['swk', 'user'],
  'attested key': ['hwk'],
  passkey: ['swk', 'user'],
};

/** By the words of the documents, and nothing that the product computes with. */
function levelBy(has: (name: Name) => boolean): string | undefined {
  if (!has('password') && !has('passkey')) return undefined;
  if (has('attested key')) return phrh;
  if (keys.some(has)) return phr;
  return has('text') ? mfa : pwd;
}

const subsets = Array.from({ length: 2 ** names.length }, (_, bits) =>
  names.filter((_name, at) => (bits >> at) & 1),
);

describe('Every combination of proofs', () => {
  for (const [height, wanted] of supportedAcrs.entries()) {
    it(`reaches ${wanted} or says what is lacking (S-042)`, () => {
      for (const subset of subsets) {
        const title = subset.join(', ');
        const given = subset.map((name) => proofs[name]);
        const reached = levelBy((name) => subset.includes(name));
        const isReached = supportedAcrs.findIndex((one) => one === reached) >= height;
        const lacking = whatIsLacking({ acr: wanted }, given, now).map(({ factor }) => factor);
        expect(lacking.length === 0, title).to.equal(isReached);
        const knows = subset.includes('password') || subset.includes('passkey');
        expect(lacking.includes('knowledge'), title).to.equal(!knows);
        expect(lacking.includes('possession'), title).to.equal(height > hold(subset));
      }
    });
  }

  /** As high as what they have with them goes. */
  const hold = (subset: readonly Name[]): number => {
    if (subset.includes('attested key')) return 3;
    if (keys.some((name) => subset.includes(name))) return 2;
    return subset.includes('text') ? 1 : 0;
  };

  it('tells its level and its references, and none where there is no sign-in (S-041)', () => {
    for (const subset of subsets) {
      const given = subset.map((name) => proofs[name]);
      const level = levelBy((name) => subset.includes(name));
      const told = subset.flatMap((name) => references[name]);
      const isTwo = level !== undefined && level !== pwd;
      const all = level === undefined ? [] : [...new Set([...told, ...(isTwo ? ['mfa'] : [])])];
      expect(levelOf(given, now), subset.join(', ')).to.equal(level);
      expect(amrOf(given, now), subset.join(', ')).to.have.members(all);
    }
  });

  it('lets a browser that is trusted stand in where nobody but policy asks for two steps', () => {
    for (const subset of subsets) {
      const given = subset.map((name) => proofs[name]);
      const goal = { acr: mfa, isPolicysOwn: true } as const;
      const knows = subset.includes('password') || subset.includes('passkey');
      const has = subset.includes('trusted browser') || hold(subset) >= 1;
      expect(whatIsLacking(goal, given, now).length === 0, subset.join(', ')).to.equal(
        knows && has,
      );
    }
  });
});
