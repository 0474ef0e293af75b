/**
 * The write that ends a sign-in in its account: from where it was, what was counted until then,
 * and whether this browser is trusted from now on, or still was.
 */
import { type Model, trusted } from 'mongoose';

import { type Events, pushing } from './audit-event.ts';
import { partsOf, type TrustChange } from './trusted-browser.ts';

/** An account, as far as it matters here. */
interface Holder {
  readonly _id: string;
  readonly signedOutAt?: Date;
  readonly known: { readonly networks: readonly string[]; readonly browsers: readonly string[] };
  readonly trustedBrowsers?: unknown;
}

export interface SignedIn {
  readonly network: string;
  readonly browser: string;
  readonly at: Date;
  readonly cleared: readonly string[];
  readonly events?: Events;
  readonly trust?: TrustChange | undefined;
}

const KNOWN_PLACES = 20;

export const signedInIn = <Stored extends Holder>(model: Model<Stored>) => {
  /**
   * Its place is known from now on, and the counters that held it back are cleared. False where the
   * browser's trust was used, and is not what it was when it was read.
   */
  async function signedIn(account: Holder, done: SignedIn): Promise<boolean> {
    const { _id, known } = account;
    const { network, browser, at, cleared, events = [], trust } = done;
    const { filter, $set, $inc, $push } = trust ? partsOf(trust, account, at) : {};
    const found: object = {
      _id,
      ...filter,
      ...(trust && 'uses' in trust && stillAs(account)),
    };
    const pushed = { ...$push, ...pushing(events) };
    const change: object = {
      $set: {
        lastSignInAt: at,
        known: {
          networks: withNewest(known.networks, network),
          browsers: withNewest(known.browsers, browser),
        },
        ...$set,
      },
      $unset: Object.fromEntries(cleared.map((key) => [`attempts.tallies.${key}`, 1])),
      $inc: { 'attempts.version': 1, ...$inc },
      ...(Object.keys(pushed).length > 0 && { $push: pushed }),
    };
    const isWritten = (await model.updateOne(found, change)).matchedCount === 1;
    if (isWritten || !trust || 'uses' in trust || trust.replaces === undefined) return isWritten;
    // What it was to replace was ended meanwhile.
    return signedIn(account, { ...done, trust: { begins: trust.begins } });
  }

  return { signedIn };
};

/** Only while nobody disabled the account or signed it out since it was read so. */
export const stillAs = ({ signedOutAt }: { readonly signedOutAt?: Date }): object => ({
  disabledAt: trusted({ $exists: false }),
  signedOutAt: signedOutAt ?? trusted({ $exists: false }),
});

const withNewest = (places: readonly string[], place: string): string[] =>
  [...places.filter((known) => known !== place), place].slice(-KNOWN_PLACES);
