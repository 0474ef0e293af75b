/**
 * Call: we call a phone, and whoever answers presses the digits that the page shows, and then #.
 * Nothing is said that a voicemail could give away, and answering alone proves nothing.
 *
 * Where no provider hears keys, a call can only read a code aloud, which is typed on the page. It
 * is then heard by whatever answers, so policy must ask for it, and a reset never does it.
 */
import { z } from 'zod';

import { phone, type StoredPhone } from '../../credentials/phone.ts';
import { defineMethod, failed, type Occasion, passed } from '../method.ts';
import { numberUnlike } from '../number-matching.ts';
import { deniedByItsOwner } from '../out-of-band.ts';
import type { Codes, Ports } from '../ports.ts';
import { typedDigits } from '../typed-digits.ts';

/** What somebody presses who did not ask for the call. */
const DENIAL = '0';
/** Of a code that is read aloud: as of one that is sent (NIST SP 800-63B-4 §3.1.3.2). */
const READ_DIGITS = 6;

const policy = z.object({
  /** Whether codes may be read aloud where no provider hears keys. */
  readsCodes: z.boolean(),
});

/** Keys that were pressed before #, or how a call ended without; or the code that was read. */
const answer = z
  .object({
    keys: z.string().max(20).exactOptional(),
    ended: z.string().max(20).exactOptional(),
    code: typedDigits(READ_DIGITS).exactOptional(),
  })
  .refine((said) => Object.keys(said).length === 1);

export const call = defineMethod({
  credential: phone,
  factor: 'possession',
  amr: ['tel'],
  purposes: ['sign-in', 'reset', 'enrol', 'change'],
  outOfBand: {
    answeredBy: 'provider',
    // It costs like a text, and is counted like one: by the number.
    countsRequests: false,
    isDenial: ({ keys }) => keys === DENIAL,
    onDenied: deniedByItsOwner,
    isUnanswered: ({ ended, keys }) => ended !== undefined || keys === '',
  },
  sends: true,
  channel: 'voice',
  rank: 45,
  canBeDefault: true,

  policy,
  settings: z.strictObject({
    // Two, with a single try: as of a request to a phone that approves.
    digits: z.int().min(2).max(6).default(2),
    validForSeconds: z.int().positive().max(600).default(300),
  }),
  memo: z.union([z.object({ number: z.string() }), z.object({ digest: z.string() })]),
  answer,

  create: (settings, { codes, voice }) => ({
    isPossible: ({ purpose, policy: decided }) =>
      hearsKeys(voice) || (policy.parse(decided).readsCodes && purpose !== 'reset'),

    async begin(credential, occasion) {
      const { validForSeconds } = settings;
      const asks = hearsKeys(voice) ? asksForKeys : readsCode;
      return { validForSeconds, ...asks({ credential, occasion, codes, ...settings }) };
    },

    async verify({ memo, answer: { keys, code = '' }, challengeId }) {
      if ('digest' in memo) {
        const isRight = codes.matches(code, contextOf(challengeId), memo.digest);
        return isRight ? passed : failed('wrong-answer');
      }
      if (keys === DENIAL) return failed('denied');
      return keys === memo.number ? passed : failed('wrong-answer');
    },

    async readCallback(callback) {
      const event = await voice?.readCallback(callback);
      return event && { answer: event.heard, reply: event.reply };
    },
  }),
});

const hearsKeys = (voice: Ports['voice']): boolean => voice?.hearsKeys === true;

interface Asked {
  readonly credential: StoredPhone;
  readonly occasion: Occasion;
  readonly codes: Codes;
  readonly digits: number;
}

function asksForKeys({ credential, occasion, codes, digits }: Asked) {
  const { client, purpose, others, answerAt } = occasion;
  const number = numberUnlike(others, () => codes.random(digits));
  const said = { says: 'ask', client, purpose, digits: String(digits) };
  return {
    memo: { number },
    page: { number, digits },
    shows: { client, purpose },
    isAskedOnce: true,
    send: { ...saying(credential, said), ...(answerAt !== undefined && { answerAt }) },
  } as const;
}

function readsCode({ credential, occasion, codes }: Asked) {
  const { client, purpose, challengeId } = occasion;
  const code = codes.random(READ_DIGITS);
  return {
    memo: { digest: codes.digest(code, contextOf(challengeId)) },
    page: { digits: READ_DIGITS },
    isAnsweredOnPage: true,
    send: saying(credential, { says: 'code', client, purpose, code: spelt(code) }),
  } as const;
}

const saying = (
  { number, countryCallingCode: country }: StoredPhone,
  values: Readonly<Record<string, string>>,
) =>
  ({ channel: 'voice', to: number, message: 'call', budget: { number, country }, values }) as const;

const contextOf = (challengeId: string): string => `call/${challengeId}`;

/** With a pause after each digit, for a voice that reads it. */
const spelt = (code: string): string => code.split(/(?=\d)/).join(', ');
