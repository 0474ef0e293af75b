/**
 * Calls through an account at Twilio. What is said comes along with the call (TwiML), and what
 * was keyed in, or how the call ended, is posted to the question's own address, signed with the
 * account's token over that address and all of the form.
 */
import type { Call, CallEvent, Heard, VoiceChannel } from '../channel.ts';
import { loadTwilio, openAccount, reach, type TwilioAccount } from '../twilio-account.ts';

export interface TwilioVoice extends TwilioAccount {
  /** Whose number is shown. */
  readonly from: string;
}

type Library = Awaited<ReturnType<typeof loadTwilio>>;
type Language = 'de-DE' | 'en-US' | 'fr-FR';

/** A mailbox would answer after that. */
const RINGS_SECONDS = 25;
/** What nobody hangs up costs no more than this. */
const LONGEST_SECONDS = 120;
/** For the first key, and from one to the next. */
const KEY_SECONDS = 10;

export function createVoice({ from, ...account }: TwilioVoice): VoiceChannel {
  const ask = openAccount(account);
  return {
    hearsKeys: true,

    async send(call) {
      const twiml = wordsOf(call, await loadTwilio());
      // Of two copies one finds the other's line busy: that must not end what is answered there.
      const isEndTold = call.answerAt !== undefined && !call.isRepeated;
      const tell = isEndTold && { statusCallback: call.answerAt, statusCallbackMethod: 'POST' };
      const limits = { timeout: RINGS_SECONDS, timeLimit: LONGEST_SECONDS };
      await ask((client) => client.calls.create({ to: call.to, from, twiml, ...limits, ...tell }));
    },

    check: () => reach(ask, account.accountSid),

    async readCallback({ address, headers, body }) {
      const library = await loadTwilio();
      const form = Object.fromEntries(new URLSearchParams(body));
      // Over the form as it was read: what was not signed is not looked at either.
      const signature = headers['x-twilio-signature'] ?? '';
      if (!library.validateRequest(account.authToken, signature, address, form)) return undefined;
      return { heard: heardIn(form), reply: replyBy(library) };
    },
  };
}

type Form = Readonly<Record<string, string>>;

function wordsOf({ text, locale, answerAt, isRepeated = false }: Call, { twiml }: Library): string {
  const response = new twiml.VoiceResponse();
  const language = languageOf(locale);
  if (answerAt === undefined) {
    // A code is easily missed the first time.
    response.say({ language }, text);
    response.pause({ length: 1 });
    response.say({ language }, text);
    return response.toString();
  }
  const gather = response.gather({
    ...{ input: ['dtmf'], finishOnKey: '#', timeout: KEY_SECONDS },
    ...{ action: answerAt, method: 'POST', actionOnEmptyResult: !isRepeated },
  });
  gather.say({ language }, text);
  return response.toString();
}

const replyBy =
  ({ twiml }: Library): CallEvent['reply'] =>
  ({ text, locale }) => {
    const response = new twiml.VoiceResponse();
    response.say({ language: languageOf(locale) }, text);
    response.hangup();
    return { type: 'text/xml', body: response.toString() };
  };

function languageOf(locale: string): Language {
  const languages: Readonly<Record<string, Language>> = { de: 'de-DE', fr: 'fr-FR' };
  return languages[locale.slice(0, 2)] ?? 'en-US';
}

/** Of whoever said nothing until the end, Twilio first tells that, and later that it is over. */
const ends = new Map<string | undefined, Heard>([
  ['busy', { ended: 'busy' }],
  ['no-answer', { ended: 'unanswered' }],
  ['failed', { ended: 'failed' }],
  ['canceled', { ended: 'failed' }],
  ['completed', { ended: 'hung-up' }],
]);

function heardIn({ Digits: keys, CallStatus: status }: Form): Heard {
  if (keys) return { keys };
  const heard = ends.get(keys === '' ? 'no-answer' : status);
  if (!heard) throw new Error('a call that is neither over nor was a key pressed');
  return heard;
}
