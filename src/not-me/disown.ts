/**
 * "This wasn't me": everybody is signed out, and what was changed proves nothing until somebody has
 * looked at it. A mailbox alone brings nothing back and lets nobody in.
 */
import { type Audit, STRANGER } from '../audit/audit.ts';
import { eventsOfKind } from '../audit/credential-events.ts';
import type { Disownable } from '../audit/disown-tokens.ts';
import { disowningOf } from '../audit/notices.ts';
import { password } from '../credentials/password.ts';
import { changeAccount, type Plan } from '../flow/change-account.ts';
import type { Clock } from '../lib/clock.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { Events, From } from '../models/audit-event.ts';
import { isDisowned } from '../models/disowned.ts';
import { removedIn } from '../models/removed-credential.ts';

export interface DisownDeps {
  readonly accounts: Pick<Accounts, 'findById' | 'disown'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  /** Ends what an account is signed in to, and has its apps told. */
  readonly endSessions: (accountId: string) => Promise<void>;
  readonly clock: Clock;
}

/** What follows besides that everybody is signed out. */
export interface Consequences {
  readonly suspends: readonly string[];
  /** The same of what is removed already: it comes back no better. */
  readonly suspendsRemoved: readonly string[];
  readonly contests?: string;
  readonly needsNewPassword: boolean;
}

const OVER = 'link-over';

/** In use, or removed a while ago. */
type Held = Pick<Credential, 'id' | 'kind' | 'addedAt' | 'suspendedAt'>;

/** Pressed twice, the second finds it done. */
export const createDisown = ({ accounts, audit, endSessions, clock }: DisownDeps) =>
  async function disown(link: Disownable, from: From): Promise<void> {
    const { account: id, event, until } = link;
    const isNew = await changeAccount(id, planned, { accounts, audit, gone: OVER });
    if (isNew) await endSessions(id);

    function planned(account: Account): Plan<boolean> {
      const now = clock.now();
      if (until <= now) throw new Problem(OVER);
      if (isDisowned(account, event)) return { result: false };
      const follows = consequencesOf(account, link, now);
      const events = eventsOf(link, follows, { from, audit });
      const write = () => accounts.disown(account, { event, until, now, ...follows, events });
      return { result: true, change: { events, write } };
    }
  };

export function consequencesOf(account: Account, link: Disownable, now: Date): Consequences {
  const { what, credential } = link;
  const meaning = disowningOf(what);
  const removed = removedIn(account, now);
  const contested = removed.find(({ id }) => id === credential);
  const isBrought = broughtWith(
    [...account.credentials, ...removed].find(({ id }) => id === credential),
  );
  const suspended = (all: readonly Held[]): string[] =>
    meaning === 'suspends' ? all.filter(isUsable).filter(isBrought).map(idOf) : [];
  return {
    ...{ suspends: suspended(account.credentials), suspendsRemoved: suspended(removed) },
    ...(meaning === 'contests' && contested && { contests: contested.id }),
    needsNewPassword:
      meaning === 'new-password' && account.credentials.some(({ kind }) => kind === password.id),
  };
}

/** It, and the codes that its first confirmation brought: whoever added it has read them. */
const broughtWith =
  (its: Held | undefined) =>
  ({ id, kind, addedAt }: Held): boolean =>
    id === its?.id ||
    (eventsOfKind[kind]?.issued !== undefined && addedAt.getTime() === its?.addedAt.getTime());

const isUsable = ({ suspendedAt }: Held): boolean => suspendedAt === undefined;
const idOf = ({ id }: Held): string => id;

/** Who pressed it proved nothing but that they read the account's mail. */
function eventsOf(
  { account, event: disowned, what }: Disownable,
  { suspends, suspendsRemoved, needsNewPassword }: Consequences,
  { from, audit }: { readonly from: From; readonly audit: DisownDeps['audit'] },
): Events {
  const about = { by: STRANGER, account, from };
  const suspended = [...suspends, ...suspendsRemoved];
  return [
    audit.event('change.disowned', about, { disowned, what, suspended }),
    ...(needsNewPassword ? [audit.event('password.change-required', about, {})] : []),
  ];
}
