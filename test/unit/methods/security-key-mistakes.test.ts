/**
 * Answers by a key with a mistake in their bytes: none is taken, and none is a fault.
 */
import { randomBytes } from 'node:crypto';

import { expect } from 'chai';
import fc from 'fast-check';

import { openMethod } from '../../../src/methods/open.ts';
import { securityKey } from '../../../src/methods/security-key/index.ts';
import { createAuthenticator } from '../../support/authenticator.ts';
import { vouchesForItself } from '../../support/key-defects.ts';
import { rounds, seed, slowness } from '../../support/soak.ts';
import { createPorts, noKeys, vault } from './ports.ts';

const FEW = 1000;
const LONG_MILLISECONDS = 20 * 60_000 * slowness;
const MOST_MILLISECONDS = 100 * slowness;

const ISSUER = 'https://id.example.org';
const challenge = randomBytes(32).toString('base64url');
const userHandle = randomBytes(32).toString('base64url');
const method = openMethod('security-key', securityKey, {}, createPorts().ports);
const key = createAuthenticator(ISSUER);

interface Answer {
  readonly response: Readonly<Record<string, unknown>>;
}
const made = JSON.parse(
  key.create(
    { challenge, rp: { id: 'id.example.org' }, user: { id: userHandle } },
    vouchesForItself,
  ),
) as Answer;
const used = JSON.parse(key.get({ challenge, rpId: 'id.example.org' })) as Answer;

const stored = {
  credentialId: key.made[0]?.id,
  publicKey: key.made[0]?.publicKey.toString('base64url') ?? '',
  ...{ signCount: 0, transports: [], aaguid: '00000000-0000-0000-0000-000000000000' },
  ...{ isBackupEligible: false, isBackedUp: false, isUserVerified: true },
};

const judge = (purpose: 'enrol' | 'sign-in', answer: Answer, data: object = stored) =>
  method.judge({
    ...{ policy: { ...noKeys, passwordless: true }, data, memo: { challenge }, purpose },
    ...{
      form: { response: JSON.stringify(answer) },
      vault,
      challengeId: 'challenge-1',
      userHandle,
    },
  });

type Change = (bytes: Buffer) => Buffer;

/** What CBOR, flags and lengths are sensitive to, besides any byte. */
const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.constantFrom(
    0x00,
    0x1a,
    0x3a,
    0x5b,
    0x5f,
    0x7f,
    0x80,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xf7,
    0xfb,
    0xff,
  ),
);
const place = fc.nat();
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, byte).map(([at, is]): Change => (all) => {
    const copy = Buffer.from(all);
    copy.writeUInt8(is, at % all.length);
    return copy;
  }),
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([at, bit]): Change => (all) => {
    const copy = Buffer.from(all);
    copy.writeUInt8(copy.readUInt8(at % all.length) ^ (1 << bit), at % all.length);
    return copy;
  }),
  place.map(
    (at): Change =>
      (all) =>
        all.subarray(0, at % all.length),
  ),
  fc.tuple(place, fc.nat({ max: 9 })).map(
    ([at, long]): Change =>
      (all) =>
        cut(all, at % all.length, long + 1),
  ),
  fc.tuple(place, fc.uint8Array({ minLength: 1, maxLength: 9 })).map(
    ([at, more]): Change =>
      (all) =>
        cut(all, at % all.length, 0, more),
  ),
  fc.tuple(place, place).map(([from, to]): Change => (all) => {
    const piece = all.subarray(from % all.length, (from % all.length) + 20);
    return cut(all, to % all.length, piece.length, piece);
  }),
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map(
    (bytes): Change =>
      () =>
        Buffer.from(bytes),
  ),
);

const cut = (all: Buffer, at: number, long: number, more: Uint8Array = Buffer.alloc(0)): Buffer =>
  Buffer.concat([all.subarray(0, at), more, all.subarray(at + long)]);

describe(`Answers by a key with a mistake (SOAK_SEED=${seed})`, () => {
  const changes = fc.sample(change, { numRuns: rounds(FEW), seed });

  /** With all of `parts` in it, what is around them may be read in spite of its mistake. */
  async function refuses(
    from: string,
    asks: (mutated: string) => ReturnType<typeof judge>,
    parts: readonly Buffer[] = [],
  ) {
    const right = Buffer.from(from, 'base64url');
    expect(await asks(from), 'what has no mistake').to.include({ outcome: 'passed' });
    const begun = performance.now();
    for (const make of changes) {
      const mutated = make(right);
      if (mutated.equals(right)) continue;
      const verdict = await asks(mutated.toString('base64url'));
      const isWhole = parts.length > 0 && parts.every((part) => mutated.includes(part));
      if (!isWhole) expect(verdict.outcome, mutated.toString('hex')).to.equal('failed');
      expect(verdict, mutated.toString('hex')).not.to.include({ reason: 'suspended' });
    }
    expect((performance.now() - begun) / changes.length).to.be.below(MOST_MILLISECONDS);
  }

  const within = (answer: Answer, part: string) => (mutated: string) => ({
    ...answer,
    response: { ...answer.response, [part]: mutated },
  });

  const signature = Buffer.from(String(used.response.signature), 'base64url');
  const attestation = Buffer.from(String(made.response.attestationObject), 'base64url');
  const publicKey = key.made[0]?.publicKey ?? Buffer.alloc(0);
  const parts: Readonly<Record<string, readonly Buffer[]>> = {
    signature: numbersIn(signature),
    attestationObject: [
      attestation.subarray(attestation.indexOf('authData') + 'authData'.length + 2),
      ...numbersIn(attestation.subarray(attestation.indexOf('sig') + 'sig'.length + 2)),
    ],
  };

  for (const part of ['attestationObject', 'clientDataJSON']) {
    it(`make no key, within ${part} (R-36)`, () =>
      refuses(
        String(made.response[part]),
        (mutated) => judge('enrol', within(made, part)(mutated)),
        parts[part],
      )).timeout(LONG_MILLISECONDS);
  }

  for (const part of ['authenticatorData', 'clientDataJSON', 'signature']) {
    it(`are none by a key, within ${part} (R-36)`, () =>
      refuses(
        String(used.response[part]),
        (mutated) => judge('sign-in', within(used, part)(mutated)),
        parts[part],
      )).timeout(LONG_MILLISECONDS);
  }

  it('are none by a key that is stored otherwise (R-36)', () =>
    refuses(
      stored.publicKey,
      // None at all is no record of ours, which whoever judges finds out before.
      (mutated) => judge('sign-in', used, { ...stored, publicKey: mutated || 'AA' }),
      [publicKey.subarray(-67, -35), publicKey.subarray(-32)],
    )).timeout(LONG_MILLISECONDS);
});

/** The two of an ECDSA signature (RFC 3279 §2.2.3), without noughts before them. */
function numbersIn(signature: Buffer): Buffer[] {
  const at = 4 + signature.readUInt8(3);
  const two = [
    signature.subarray(4, at),
    signature.subarray(at + 2, at + 2 + signature.readUInt8(at + 1)),
  ];
  return two.map((number) => number.subarray(number.findIndex((one) => one !== 0)));
}
