/**
 * The address that a provider is given for one question, and answers at: ours, as our signature in
 * it says, and good for a while. What was forged or is long over costs no look into the database.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { OutOfBandAddress } from '../verification/out-of-band/answer-out-of-band.ts';

export const CALLBACKS = '/callbacks';

/** Longer than any question is open: whoever answers late is told so. */
const GOOD_FOR_SECONDS = 20 * 60;
const CONTEXT = 'callbacks/address';

export interface CallbackAddressDeps {
  readonly issuer: string;
  readonly crypt: Pick<Crypt, 'digest' | 'matches'>;
  readonly clock: Clock;
}

/** A question, and the language in which its provider speaks. */
export interface CallbackQuestion extends OutOfBandAddress {
  readonly locale: string;
}

export type CallbackAddresses = ReturnType<typeof createCallbackAddresses>;

export const createCallbackAddresses = ({ issuer, crypt, clock }: CallbackAddressDeps) => ({
  addressOf({ method, credential, challengeId, locale }: CallbackQuestion): string {
    const until = Math.floor(secondsAfter(clock.now(), GOOD_FOR_SECONDS).getTime() / 1000);
    const said = `${CALLBACKS}/${method}/${credential}/${challengeId}?locale=${locale}&until=${until}`;
    return `${issuer}${said}&signature=${crypt.digest(said, CONTEXT)}`;
  },

  /** The whole address, where it is one of ours and still good; from the path and query asked for. */
  read(asked: string): string | undefined {
    const [said = '', signature = '', ...more] = asked.split('&signature=');
    const until = Number(/&until=(\d{1,12})$/.exec(said)?.[1] ?? 0);
    const isGood = more.length === 0 && until > clock.now().getTime() / 1000;
    return isGood && crypt.matches(said, CONTEXT, signature) ? `${issuer}${asked}` : undefined;
  },
});
