/**
 * Temporary access passes: given to somebody who cannot sign in, and taken back. Each is shown to
 * whoever gives it, this once, and its owner is told; an account has one at most.
 */
import {
  makePass,
  PASS_MINUTES,
  passRules,
  type StoredPass,
  temporaryAccessPass as kind,
} from '../credentials/temporary-access-pass.ts';
import { secondsAfter } from '../lib/clock.ts';
import type { Account, Credential } from '../models/account.ts';
import { counterKeys } from '../models/counter.ts';
import type { MethodRules } from '../verification/choices.ts';
import type { AccountDeps, Named } from './deps.ts';
import { newCredential } from './new-account.ts';
import { named } from './people.ts';
import { Refusal, untilWritten } from './refusal.ts';

const ID = 'temporary-access-pass';
const MOST_DAYS_AHEAD = 30;

export interface PassWish {
  /** For how long it is good. */
  readonly minutes?: number | undefined;
  /** From when on; now, where nobody says it. */
  readonly startsAt?: Date | undefined;
  readonly isOnce?: boolean | undefined;
  readonly reason?: string | undefined;
}

export interface IssuedPass extends Named, Pick<StoredPass, 'startsAt' | 'endsAt' | 'isOnce'> {
  /** Shown this once. */
  readonly code: string;
}

interface Deps extends AccountDeps {
  readonly rules: MethodRules;
}

export function createPassAdministration(deps: Deps) {
  const { people, accounts, directory, clock, telling, endSessions } = deps;

  return {
    /**
     * In the place of any that there was. Guesses at the password hold nobody up any more, or it
     * would be of no use to whoever is under attack.
     */
    async issue(typed: string, { reason, ...wish }: PassWish = {}): Promise<IssuedPass> {
      telling.checkReason({ reason });
      const good = goodFor(wish, deps);
      let code = '';
      const account = await untilWritten(
        () => people.findToChange(typed),
        (read) => {
          refuseWhereOff(read, deps);
          const made = newCredential(
            read,
            {
              kind: kind.id,
              data(vault) {
                const pass = makePass(vault, good);
                ({ code } = pass);
                return pass.stored;
              },
            },
            deps,
          );
          const told = telling.event('pass.issued', detailsOf(made, good), {
            ...{ account: read._id, reason },
          });
          const along = { uncounted: passwordGuesses(read) };
          return telling.with(read._id, [told], (events) => {
            const current = passIn(read);
            return current
              ? accounts.exchangeCredential(
                  read,
                  { read: current, by: made },
                  { ...along, events, signedOutAt: clock.now() },
                )
              : accounts.addCredentials(read, [made], { ...along, events });
          });
        },
      );
      // What was signed in by the one before ends with it.
      if (passIn(account)) await endSessions(account._id);
      return { ...named(account), ...good, code };
    },

    /** What was signed in by it ends as well, also where whoever used it took it away before. */
    async revoke(typed: string, reason?: string): Promise<Named> {
      telling.checkReason({ reason });
      const account = await untilWritten(
        () => people.findToChange(typed),
        (read) => {
          const held = passIn(read);
          if (!held) return signedOut(read, reason);
          const details = { method: ID, credential: held.id };
          const told = telling.event('pass.revoked', details, { account: read._id, reason });
          return telling.with(read._id, [told], (events) =>
            directory.removeCredential(read, held.id, { signedOutAt: clock.now(), events }),
          );
        },
      );
      await endSessions(account._id);
      if (!passIn(account)) throw new Refusal('pass-missing', { username: account.username });
      return named(account);
    },
  };

  function signedOut({ _id: account }: Account, reason: string | undefined): Promise<boolean> {
    const told = telling.event('session.ended', {}, { account, reason });
    return telling.with(account, [told], (events) =>
      directory.signOut(account, { signedOutAt: clock.now(), events }),
    );
  }
}

const passIn = ({ credentials }: Account): Credential | undefined =>
  credentials.find((credential) => credential.kind === kind.id);

function refuseWhereOff(account: Account, { rules }: Pick<Deps, 'rules'>): void {
  if (rules.availability.isAllowed(ID, { purpose: 'sign-in', account })) return;
  throw new Refusal('pass-not-allowed', { username: account.username });
}

/** Throws Refusal for what policy, or anybody's patience, does not allow. */
function goodFor(
  { minutes, startsAt: wanted, isOnce = true }: Omit<PassWish, 'reason'>,
  { rules, clock }: Pick<Deps, 'rules' | 'clock'>,
): Pick<StoredPass, 'startsAt' | 'endsAt' | 'isOnce'> {
  const { longestMinutes: most } = passRules.parse(rules.availability.policyOf(ID));
  const { fewest, usual } = PASS_MINUTES;
  const wished = minutes ?? Math.min(usual, most);
  if (!Number.isInteger(wished) || wished < fewest || wished > most) {
    throw new Refusal('pass-minutes-unfit', { fewest, most });
  }
  const now = clock.now();
  const startsAt = wanted ?? now;
  const latest = secondsAfter(now, MOST_DAYS_AHEAD * 24 * 60 * 60);
  if (Number.isNaN(startsAt.getTime()) || startsAt < now || startsAt > latest) {
    throw new Refusal('pass-start-unfit', { mostDays: MOST_DAYS_AHEAD });
  }
  return { startsAt, endsAt: secondsAfter(startsAt, wished * 60), isOnce };
}

const detailsOf = (
  { id: credential }: Credential,
  { startsAt, endsAt, isOnce }: Pick<StoredPass, 'startsAt' | 'endsAt' | 'isOnce'>,
) => ({
  ...{ method: ID, credential, isOnce },
  ...{ startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() },
});

/** Those at a second step still count: a pass needs none. */
function passwordGuesses({ attempts }: Account): readonly string[] {
  const { knowledge, knowledgeAt } = counterKeys('sign-in');
  const { tallies }: { readonly tallies?: unknown } = { ...attempts };
  // It may be damaged, and whoever has it needs help all the more.
  return Object.keys({ ...(typeof tallies === 'object' && tallies) }).filter(
    (key) => key === knowledge || key.startsWith(knowledgeAt('')),
  );
}
