/**
 * The page that lists how somebody can verify, and what became of the change that they come from.
 */
import type { Context } from 'koa';

import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Account } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import type { RemovedCredential } from '../models/removed-credential.ts';
import { addableMethods, choicesOf } from '../verification/choices.ts';
import { firstOf } from '../verification/first-choice.ts';
import {
  type Changed,
  type ChangeRequest,
  type Done,
  isChangeFlow,
  isEnded,
  type Removed,
} from './flow.ts';
import { type HelpedDeps, wasHelped } from './helped.ts';
import type { Here } from './here.ts';
import { calledBy, lineOf } from './method-of.ts';
import { isOnDevice } from './new-phone.ts';
import type { AccountPage, DeletedRow, SecurityInfoPage } from './pages.ts';
import { leftOf, type PropsDeps } from './props.ts';
import { mayGo } from './remove.ts';
import { contestedIn, credentialOf, restorableIn } from './restore.ts';
import { listed, rowOf } from './rows.ts';
import { possibleDefaults } from './set-default.ts';

export interface SecurityInfoDeps extends PropsDeps, HelpedDeps {
  readonly flows: Pick<Flows, 'find'>;
  readonly csrf: { token(binding: string): string };
  readonly signOutAt: string;
  readonly crypt: Pick<Crypt, 'open'>;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

export const accountPage = (
  { account, session }: Here,
  { csrf, signOutAt }: Pick<SecurityInfoDeps, 'csrf' | 'signOutAt'>,
): AccountPage => ({
  person: { name: account.name || account.username, username: account.username },
  csrf: csrf.token(session),
  signOutAt,
});

export async function securityInfo(
  here: Here,
  ctx: Context,
  deps: SecurityInfoDeps,
): Promise<SecurityInfoPage> {
  const { account } = here;
  const rows = await Promise.all(
    listed(account, deps).map(async (credential) => ({
      ...(await rowOf(credential, account, deps)),
      mayRemove: mayGo(account, credential, deps),
    })),
  );
  const defaults = possibleDefaults(account, deps);
  const begins = firstOf(defaults, 'default');
  const { left } = leftOf(account, deps);
  const done = await doneIn(ctx, here, deps);
  const { zoneinfo: zone } = account.profile;
  return {
    ...accountPage(here, deps),
    methods: rows,
    deleted: deletedIn(account, deps),
    ...(begins && { begins: lineOf(account, begins, deps) }),
    mayChangeDefault: defaults.length > 1,
    mayAdd: addableMethods(account, deps).length > 0,
    isOnPhone: account.credentials.some((one) => isOnDevice(one, deps)),
    ...(left !== undefined && { codesLeft: left }),
    hasPassword: choicesOf(account, 'change', deps).some(({ factor }) => factor === 'knowledge'),
    isOnlyOne:
      rows.filter((row) => !row.isOff && !row.isSuspended && !row.isForResets && !row.good)
        .length === 1,
    wasHelped: await wasHelped(account._id, deps),
    ...(zone !== undefined && { zone }),
    ...(done && !isEnded(done) && { done: { ...done, mayUndo: mayUndo(done, here, deps) } }),
  };
}

function mayUndo(
  done: Changed | Removed,
  { account, session }: Here,
  { clock }: Pick<SecurityInfoDeps, 'clock'>,
): boolean {
  if (done.act !== 'remove') return false;
  return restorableIn(account, session, clock.now()).some(({ id }) => id === done.restorable);
}

const deletedIn = (account: Account, deps: SecurityInfoDeps): readonly DeletedRow[] =>
  contestedIn(account, deps.clock.now()).flatMap((removed) => {
    const credential = readableOf(account, removed, deps);
    const removedAt = removed.removedAt.toISOString();
    return credential ? [{ id: removed.id, ...calledBy(credential, deps.methods), removedAt }] : [];
  });

/** Sealed with a key that is gone, it cannot come back, and the others are listed all the same. */
function readableOf(account: Account, removed: RemovedCredential, deps: SecurityInfoDeps) {
  try {
    return credentialOf(account, removed, deps);
  } catch (err) {
    const about = { account: account._id, credentials: [removed.id], err };
    deps.log.warn(about, 'credential.unreadable');
    return undefined;
  }
}

const isOf = (request: ChangeRequest, { account, session }: Here): boolean =>
  request.session === session && request.account === account._id;

/** Of a change of this very session; anything else is no news here. */
export async function doneIn(
  ctx: Context,
  here: Here,
  { flows }: Pick<SecurityInfoDeps, 'flows'>,
): Promise<Done | undefined> {
  const { change: uid } = ctx.query;
  const flow = typeof uid === 'string' ? await flows.find(uid) : undefined;
  return flow && isChangeFlow(flow) && isOf(flow.request, here) ? flow.facts.done : undefined;
}
