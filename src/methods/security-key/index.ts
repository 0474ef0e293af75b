/**
 * Security key: a key that answers for us alone, on a token, in a phone or in the computer itself
 * (WebAuthn Level 3). All of an account's keys are asked at once. One that makes sure of its user
 * can be a passkey, where policy lets it stand for user name and password.
 */
import { z } from 'zod';

import { securityKey as kind } from '../../credentials/security-key.ts';
import { randomToken } from '../../lib/codes.ts';
import { defineMethod, failed, type Occasion, type Verdict } from '../method.ts';
import { authenticated, type Memo, requestOptions } from './authenticate.ts';
import { keyPolicy } from './policy.ts';
import { ownTraits, traitsUnder } from './proof.ts';
import { creationOptions, registered } from './register.ts';
import { relyingPartyOf } from './relying-party.ts';
import { isMade, keyAnswer } from './response.ts';

const CHALLENGE_BYTES = 32;

export const securityKey = defineMethod({
  credential: kind,
  suits: ({ suspendedAt }) => suspendedAt === undefined,
  factor: 'possession',
  // What it earns is in each verdict.
  amr: [],
  traits: ['phishing-resistant', 'hardware-bound', 'stands-alone'],
  traitsOf: ownTraits,
  traitsUnder: (policy) => traitsUnder(keyPolicy.parse(policy)),
  purposes: ['sign-in', 'reset', 'enrol', 'change'],
  sends: false,
  canBeDefault: true,
  rank: 5,
  answeredWith: {
    credentialOf: ({ response }, held) =>
      held.find(({ stored }) => stored.credentialId === response.id)?.id,
    accountOf: ({ response }) => (isMade(response) ? undefined : response.response.userHandle),
  },

  policy: keyPolicy,
  settings: z.strictObject({
    // WebAuthn §15.1 recommends five to ten minutes.
    validForSeconds: z.int().positive().max(600).default(300),
    rpId: z.hostname().exactOptional(),
  }),
  memo: z.object({
    challenge: z.string(),
    isUnnamed: z.literal(true).exactOptional(),
    isVerifying: z.literal(true).exactOptional(),
  }),
  answer: keyAnswer,

  create({ validForSeconds, rpId }, { clock, site }) {
    const relyingParty = relyingPartyOf(site.issuer, rpId);

    function ask(memo: Memo, held: Parameters<typeof requestOptions>[0]['held']) {
      const options = requestOptions({ relyingParty: ours(), memo, held, validForSeconds });
      return { memo, page: { options }, validForSeconds, isAskedOnce: true } as const;
    }

    function ours() {
      if (!relyingParty) throw new Error('keys do not work at a network address');
      return relyingParty;
    }

    const given = (policy: unknown) => ({
      relyingParty: ours(),
      policy: keyPolicy.parse(policy),
      now: clock.now(),
    });

    return {
      isPossible: ({ policy, isUnnamed }) =>
        relyingParty !== undefined && (!isUnnamed || keyPolicy.parse(policy).passwordless),

      begin: async (_credential, { held, wants }) =>
        ask({ challenge: newChallenge(), ...verifying(wants) }, held),

      beginUnnamed: async () =>
        ask({ challenge: newChallenge(), isUnnamed: true, isVerifying: true }, []),

      verify: (attempt) => readOrRefused(() => authenticated(attempt, given(attempt.policy))),

      ceremony: {
        async begin(occasion) {
          const challenge = newChallenge();
          const { name: organisation } = site;
          const asked = { relyingParty: ours(), challenge, organisation, validForSeconds };
          const options = creationOptions(asked, occasion, keyPolicy.parse(occasion.policy));
          return { memo: { challenge }, page: { options }, validForSeconds, isAskedOnce: true };
        },
        complete: (made) => readOrRefused(() => registered(made, given(made.policy))),
      },
    };
  },
});

const newChallenge = (): string => randomToken(CHALLENGE_BYTES);

const verifying = (wants: Occasion['wants']) =>
  wants.includes('stands-alone') && { isVerifying: true as const };

/** Whatever is broken about an answer is wrong: its message says what, and quotes it. */
async function readOrRefused<Stored>(
  work: () => Promise<Verdict<Stored>>,
): Promise<Verdict<Stored>> {
  try {
    return await work();
  } catch (error) {
    const because = error instanceof Error ? error.message : 'unknown';
    return failed('wrong-answer', because.slice(0, 200));
  }
}
