/**
 * What is read where an account is looked for and not found: the bytes of one as most are stored,
 * decoded and looked through like any other and then dropped, so that a name that nobody has
 * takes as long as one that somebody has.
 */
import { mongo } from 'mongoose';

import { soundAccount } from './sound-account.ts';

const at = new Date(0);
const credential = (kind: string, data: object) => ({
  ...{ id: 'i'.repeat(22), kind, version: 1, addedAt: at, lastUsedAt: at },
  data,
});
const place = 'p'.repeat(16);
const digest = 'd'.repeat(43);

const bytes = mongo.BSON.serialize({
  ...{ _id: 'i'.repeat(22), username: 'nobody', name: 'Nobody At All' },
  profile: { givenName: 'Nobody', familyName: 'At All', email: 'nobody@example.org' },
  ...{ identifiers: ['nobody', 'nobody@example.org'], roles: [], groups: ['everybody'] },
  credentials: [
    credential('password', { hash: 'h'.repeat(97), setAt: at }),
    credential('app', { seed: 's'.repeat(90), lastStep: 60_000_000 }),
    credential('phone', { number: '+14255550134', countryCallingCode: '1', type: 'mobile' }),
    credential('email', { address: 'nobody@example.org' }),
    credential('security-key', {
      ...{ credentialId: 'c'.repeat(43), publicKey: 'k'.repeat(103), signCount: 7 },
      ...{ transports: ['usb'], aaguid: 'a'.repeat(36), name: 'Key' },
      ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: true },
    }),
    credential('security-questions', {
      questions: Array<object>(5).fill({ question: 'first-concert', digest }),
      turn: 1,
    }),
    credential('recovery-codes', { digests: Array<string>(10).fill(digest) }),
  ],
  ...{ credentialsVersion: 3, attempts: { version: 7, tallies: {} } },
  known: { networks: Array<string>(4).fill(place), browsers: Array<string>(4).fill(place) },
  ...{ createdAt: at, lastSignInAt: at },
});

/** The same, decoded once. */
export const nobodysDocument: unknown = mongo.BSON.deserialize(bytes);

type Bson = Pick<typeof mongo.BSON, 'deserialize'>;

/** The account that was found; undefined after as much work. */
export function soundOrNobody<Stored extends Parameters<typeof soundAccount>[0]>(
  stored: Stored | null | undefined,
  { deserialize }: Bson = mongo.BSON,
) {
  if (stored) return soundAccount(stored);
  soundAccount(deserialize(bytes) as Parameters<typeof soundAccount>[0]);
  return undefined;
}
