/**
 * New recovery codes for whoever has used most of theirs. They lie in the flow before they take the
 * place of the old ones, so that after a crash between the two the same ones are shown; and they
 * replace the old ones only as they were read, so that of two flows one makes them.
 */
import { isDeepStrictEqual } from 'node:util';

import type { Audit } from '../audit/audit.ts';
import { eventsOfKind } from '../audit/credential-events.ts';
import type { Clock } from '../lib/clock.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { DraftedCodes } from '../models/flow.ts';
import type { Enrolment } from './enrol.ts';

/** So few that a lost phone or two would use them up. */
export const FEW_CODES = 3;

export interface RenewCodesDeps {
  readonly accounts: Pick<Accounts, 'moveOn' | 'addCredentials'>;
  readonly enrolment: Pick<Enrolment, 'leftIn' | 'newCodes' | 'codesKind'>;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly clock: Clock;
  /** Replaced where no more of them are left; in a sign-in only those that run out. */
  readonly most?: number;
}

export type RenewCodes = ReturnType<typeof createRenewCodes>;

export function createRenewCodes({ most = FEW_CODES, ...deps }: RenewCodesDeps) {
  const { accounts, enrolment, audit, clock } = deps;

  return {
    /** How many the account has; undefined where it has no codes at all. */
    leftOf: (account: Account): number | undefined => held(account)?.left,

    /** Undefined where there are still enough. */
    draft(uid: string, account: Account): DraftedCodes | undefined {
      const { credential, left = 0 } = held(account) ?? {};
      return left <= most ? enrolment.newCodes(uid, account, credential?.id) : undefined;
    },

    /** Whether the account has them now; the old ones are void then. */
    async replace(account: Account, codes: DraftedCodes, from: From): Promise<boolean> {
      const { credential, left = 0 } = held(account) ?? {};
      // Nothing of a disabled account is changed by whoever was just signing in.
      if (account.disabledAt) return false;
      if (!credential) return add(account, codes, from);
      if (credential.id !== codes.id) return false;
      // They came there before a crash kept the flow from hearing of it.
      if (isDeepStrictEqual(credential.data, codes.data)) return true;
      if (left > most) return false;
      const events = made(account, credential, from);
      const renewed = { data: codes.data, events, isMadeAnew: true, whileAs: account };
      const isDone = await accounts.moveOn(account._id, credential, renewed);
      if (isDone) audit.happened('accounts', account._id, events);
      return isDone;
    },
  };

  function held({ credentials }: Account) {
    for (const credential of credentials) {
      const left = enrolment.leftIn(credential);
      if (left !== undefined) return { credential, left };
    }
    return undefined;
  }

  /** To whoever has none yet. */
  async function add(account: Account, codes: DraftedCodes, from: From): Promise<boolean> {
    const { id, data } = codes;
    const added = { id, kind: enrolment.codesKind, data, version: 0, addedAt: clock.now() };
    const events = made(account, added, from);
    const isDone = await accounts.addCredentials(account, [added], { events });
    if (isDone) audit.happened('accounts', account._id, events);
    return isDone;
  }

  function made({ _id }: Account, { id, kind }: Pick<Credential, 'id' | 'kind'>, from: From) {
    const issued = eventsOfKind[kind]?.issued;
    if (!issued) return [];
    const about = { by: _id, account: _id, from };
    return [audit.event(issued, about, { credential: id, isFirst: false })];
  }
}
