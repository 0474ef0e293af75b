/**
 * Counts attempts before anything is compared, over all sessions, processes and methods:
 * inside the account where there is one, and under the name that was typed where there is
 * none, so that a shown wait tells no accounts apart. One network trying many names is the
 * exception: it is looked at before, and counted after.
 */
import type { Purpose } from '../../assurance/purpose.ts';
import type { Crypt } from '../../lib/crypt.ts';
import { Problem } from '../../lib/problem.ts';
import { type Account, normaliseIdentifier } from '../../models/account.ts';
import { isAdmitted } from '../../models/admission.ts';
import type { Outlook } from '../../models/challenge.ts';
import { type Counters, counterKeys } from '../../models/counter.ts';
import { type Attempt, count, outlookOf, takeBack } from './count.ts';
import { type CountersDeps, createCounters, type Store } from './counters.ts';
import type { Limits } from './limits.ts';

/** Where a request comes from, as digests: an address prefix and a browser. */
export interface Place {
  readonly network: string;
  readonly browser: string;
  /** What its network may get wrong in a quarter of an hour, where that was configured. */
  readonly wrongPasswordsIn15Minutes?: number;
}

export interface RateLimiterDeps extends CountersDeps {
  readonly limits: Limits;
  readonly crypt: Pick<Crypt, 'digest'>;
}

/** One attempt, from being counted until it is judged. */
export interface CountedAttempt {
  /** With this attempt counted; undefined where nobody has the name. */
  readonly account: Account | undefined;
  /** It was right, or not even looked at. The account as it is then. */
  takeBack(): Promise<Account | undefined>;
  wasWrong(): Promise<void>;
  /** What the next one will meet, should this one be wrong. */
  readonly outlook?: Outlook | undefined;
}

/** What was typed as a name, and whose it is. */
interface Named {
  readonly id?: string;
  readonly username: string;
}

interface Circumstances {
  readonly place: Place;
  readonly purpose: Purpose;
}

export type RateLimiter = ReturnType<typeof createRateLimiter>;

const DAY = 24 * 60 * 60;
/** A name that nobody has must be remembered as well as one that somebody has. */
const REMEMBERED = 90 * DAY;
const code = 'too-many-tries';

export function createRateLimiter(deps: RateLimiterDeps) {
  const { accounts, limits, crypt, clock } = deps;
  const counters = createCounters(deps);

  return {
    /** An attempt at what somebody knows, as a password; throws Problem when it has to wait. */
    async countKnowledge({ id, username }: Named, { place, purpose }: Circumstances) {
      const [account, fromNetwork] = await Promise.all([
        accounts.findById(id),
        counters.readUnder(networkKey(place)),
      ]);
      // Nobody whom others share a network with keeps a browser out that the account knows.
      const isExempt = isKnownBrowser(account, place, clock.now());
      if (!isExempt) counters.check(fromNetwork, wrongFrom(place), code);
      const wasWrong = isExempt ? nothing : () => countWrongFrom(place);
      const isKnown = isExempt || (account?.known.networks.includes(place.network) ?? false);
      const attempt = knowledgeAttempt(isKnown, { place, purpose }, limits);
      if (account) {
        const store = counters.ofAccount(account._id);
        const { kept, ...counted } = await countIn(store, attempt, account);
        return { account: kept, wasWrong, ...counted };
      }
      const name = crypt.digest(normaliseIdentifier(username), 'limits/stranger');
      const stranger = counters.under(`stranger:${name}`, REMEMBERED);
      const { takeBack: back, outlook } = await countIn(stranger, attempt);
      return { account, takeBack: () => back().then(() => undefined), wasWrong, outlook };
    },

    /**
     * An answer that names its account itself. Nobody had to know anything of them, so it is counted
     * against where it comes from alone, and can hold nobody up elsewhere.
     */
    async countUnnamed(userHandle: string | undefined, place: Place): Promise<CountedAttempt> {
      counters.check(await counters.readUnder(networkKey(place)), wrongFrom(place), code);
      const account = await accounts.findByUserHandle(userHandle);
      return { ...uncounted(account), wasWrong: () => countWrongFrom(place) };
    },

    /** An attempt at a second factor, over all of the account's parallel flows. */
    async countSecondFactor(
      accountId: string | undefined,
      { credential, purpose }: { credential: string | undefined; purpose: Purpose },
    ): Promise<CountedAttempt> {
      if (accountId === undefined) return uncounted(undefined);
      const keys = counterKeys(purpose);
      const attempt = {
        [keys.secondFactor]: limits.secondFactor,
        ...(credential !== undefined && { [keys.credential(credential)]: limits.credential }),
      };
      return uncounted(await counters.countFirst(accountId, attempt, code));
    },
  };

  async function countIn<Kept extends Account | { readonly attempts: Account['attempts'] }>(
    store: Store<Kept>,
    attempt: Attempt,
    known?: Kept,
  ) {
    const kept = await counters.count(store, { attempt, code, known });
    const keys = Object.keys(attempt);
    // In what was just written, nothing is newer.
    const [at = clock.now()] = keys.flatMap(
      (key) => kept.attempts.tallies[key]?.times.at(-1) ?? [],
    );
    // The first attempt of all is left to be cleared when the sign-in is finished.
    const back = (tallies: Counters): Counters | undefined => {
      const further = keys.filter((key) => (tallies[key]?.streak ?? 0) > 1);
      return further.length > 0 ? takeBack(tallies, further, at) : undefined;
    };
    return {
      kept,
      outlook: outlookOf(kept.attempts.tallies, attempt, clock.now()),
      takeBack: async () =>
        (await counters.change(store, ({ tallies }) => back(tallies), kept)) ?? kept,
    };
  }

  /**
   * One network trying many names. Counted after the comparison, and so a little late for
   * attempts that race each other: whoever shares a network and is right costs no write here.
   */
  async function countWrongFrom(place: Place): Promise<void> {
    await counters.change(counters.under(networkKey(place), DAY), ({ tallies }) => {
      const counted = count(tallies, wrongFrom(place), clock.now());
      return counted.isAllowed ? counted.counters : undefined;
    });
  }

  function wrongFrom({ wrongPasswordsIn15Minutes }: Place): Attempt {
    return {
      [counterKeys('sign-in').wrongFromNetwork]: limits.wrongFromNetwork(wrongPasswordsIn15Minutes),
    };
  }
}

function knowledgeAttempt(
  isKnown: boolean,
  { place, purpose }: Circumstances,
  { knowledge: { everywhere, here } }: Limits,
): Attempt {
  const keys = counterKeys(purpose);
  const network = { [keys.knowledgeAt(place.network)]: here };
  // Whoever signed in from here before is never held up by strangers; a browser that is
  // known everywhere has a counter of its own, or its cookie would open every network.
  return isKnown
    ? { ...network, [keys.knowledgeAt(place.browser)]: here }
    : { [keys.knowledge]: everywhere, ...network };
}

const networkKey = ({ network }: Place): string => `network:${network}`;
const nothing = async (): Promise<void> => undefined;

/** Nothing to take back: what is no guess, or is cleared by the sign-in that it leads to. */
export const uncounted = (account: Account | undefined): CountedAttempt => ({
  account,
  takeBack: async () => account,
  wasWrong: nothing,
});

/** From an earlier sign-in, or let in for a while by the account's owner. */
const isKnownBrowser = (account: Account | undefined, { browser }: Place, now: Date): boolean =>
  account !== undefined &&
  (account.known.browsers.includes(browser) || isAdmitted(account, browser, now));

/** Whether the account's own limit refused, and no other: its password is guessed elsewhere. */
export const isHeldUp = (error: unknown): boolean =>
  error instanceof Problem && error.because.join() === counterKeys('sign-in').knowledge;

/** What a finished sign-in clears: a password alone says nothing of who guessed at a second step. */
export function clearedBy(credentials: readonly string[], place: Place): string[] {
  const { knowledge, knowledgeAt, secondFactor, credential } = counterKeys('sign-in');
  const possession = credentials.flatMap((id) => [
    secondFactor,
    credential(id),
    // Its owner has it: guesses of strangers in a reset no longer close it there.
    counterKeys('reset').credential(id),
  ]);
  const places = [place.network, place.browser].map(knowledgeAt);
  return [...new Set([knowledge, ...places, ...possession])];
}

/** Guesses since the last time somebody got in: at what is known, and at second factors. */
export function guessesSince(
  { attempts: { tallies } }: Pick<Account, 'attempts'>,
  place: Place,
): { readonly knowledge: number; readonly secondFactor: number } {
  const keys = counterKeys('sign-in');
  const streak = (key: string): number => tallies[key]?.streak ?? 0;
  const places = [place.network, place.browser].map(keys.knowledgeAt);
  return {
    knowledge: Math.max(...[keys.knowledge, ...places].map(streak)),
    secondFactor: streak(keys.secondFactor),
  };
}
