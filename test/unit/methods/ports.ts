/**
 * What a method is given in these tests: the real digests and seals, and a clock to turn.
 */
import type { DraftPorts, Vault } from '../../../src/credentials/kind.ts';
import { spellingsOf } from '../../../src/credentials/password.ts';
import { randomDigits } from '../../../src/lib/codes.ts';
import { createCrypt } from '../../../src/lib/crypt.ts';
import { type MethodId, methods } from '../../../src/methods/index.ts';
import type { Occasion } from '../../../src/methods/method.ts';
import type { Ports } from '../../../src/methods/ports.ts';

const crypt = createCrypt(['a secret of this test']);

export const vaultOf = (owner: string): Vault => ({
  seal: (secret) => crypt.seal(secret, owner),
  open: (sealed) => crypt.open(sealed, owner),
  digest: (secret) => crypt.digest(secret, owner),
  matches: (secret, digest) => crypt.matches(secret, owner, digest),
});

export const vault = vaultOf('ada');

/** Of whoever has none of the kind yet. */
export const draftPorts: DraftPorts = {
  ...{ vault, account: 'ada', issuer: 'Doorstep', phoneCountries: [], held: [] },
  ...{ policy: {}, about: ['ada'], wordings: () => [] },
};

export const occasion: Occasion = {
  ...{
    purpose: 'sign-in',
    client: 'Shop',
    challengeId: 'challenge-1',
    vault,
    others: [],
    wants: [],
    held: [],
    policy: {},
  },
};

/** What policy says of keys where nobody decided anything. */
export const noKeys = {
  ...{ passwordless: false, attestation: 'none' },
  ...{ attestationRoots: [], allowedModels: [], refusedModels: [] },
} as const;

/** Every method with nothing configured. */
export const bareSettings = Object.fromEntries(
  Object.keys(methods).map((id) => [id, {}]),
) as Readonly<Record<MethodId, object>>; // the keys are those of the registry

/** A hasher that hashes nothing: its hashes read `old:` or `new:` and the password. */
const passwords: Ports['passwords'] = {
  hash: async (password) => `new:${password}`,
  match: async (hash, typed) => spellingsOf(typed).find((spelling) => hash.slice(4) === spelling),
  isOutdated: (hash) => hash.startsWith('old:'),
  nobodysHash: 'new:nothing that anybody types',
};

export function createPorts(startsAt = new Date('2026-11-22T12:00:00Z')) {
  let now = startsAt;
  const ports: Ports = {
    clock: { now: () => now },
    codes: {
      random: randomDigits,
      digest: (code, context) => crypt.digest(code, context),
      matches: (code, context, digest) => crypt.matches(code, context, digest),
    },
    passwords,
    site: { issuer: 'https://id.example.org', name: 'Doorstep' },
  };
  return { ports, turnTo: (instant: Date) => void (now = instant) };
}
