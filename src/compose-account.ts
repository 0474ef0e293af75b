/**
 * "My account", put together: what its pages and changes are given of the other rooms.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

import { noteRemoved } from './administration/removed-keys.ts';
import { seedsAfter } from './administration/spent-seeds.ts';
import { acr } from './assurance/proof.ts';
import type { Audit } from './audit/audit.ts';
import type { OpenDoor } from './compose-door.ts';
import type { RequestContext } from './flow/request-context.ts';
import { createAccountDirectory } from './models/account-directory.ts';
import { createAccountRecords } from './models/account-records.ts';
import { ACCOUNT_CLIENT, signInAddress } from './oidc/account-client.ts';
import { createOwnApps } from './oidc/own-apps.ts';
import { createOwnSessions } from './oidc/own-sessions.ts';
import type { Sessions } from './oidc/session.ts';
import { accountRoutes } from './security-info/account-routes.ts';
import { createActs } from './security-info/acts.ts';
import { createChangeCookie } from './security-info/change-cookie.ts';
import { createChanges } from './security-info/change.ts';
import { createFinish } from './security-info/finish.ts';
import { createWhoIsHere } from './security-info/here.ts';
import { createProving } from './security-info/proving.ts';
import { changeRoutes } from './security-info/routes.ts';
import type { AppDeps, Rooms } from './services.ts';
import { fewestCharacters, trustIn } from './policy/shape.ts';
import { createRenewCodes } from './verification/renew-codes.ts';
import type { Csrf } from './web/csrf.ts';

interface Around {
  readonly door: OpenDoor;
  readonly provider: Provider;
  readonly csrf: Csrf;
  readonly sessions: Sessions;
  readonly visitOf: (ctx: Context) => RequestContext;
}

export function createAccountPages(
  { settings, clock, log }: Pick<AppDeps, 'settings' | 'clock' | 'log'>,
  house: Rooms & { readonly audit: Audit },
  { door, provider, csrf, visitOf, sessions }: Around,
) {
  const { accounts, policy, crypt } = house;
  const { issuer, organisation } = settings;
  const client = { id: ACCOUNT_CLIENT, name: organisation.name };
  const { pausePerNumberSeconds } = settings.limits.sends;
  const twoSteps = () => policy.current().twoSteps;
  const rooms = {
    ...house,
    ...door,
    clock,
    log,
    client,
    pausePerNumberSeconds,
    csrf,
    visitOf,
    twoSteps,
  };
  const trustedDays = (): number => trustIn(policy.current()).days;
  const whoIsHere = createWhoIsHere({ accounts, clock, trustedDays });
  const ofAccounts = createAccountRecords(house.records);
  const proving = createProving({ signInAddress: (wanted) => signInAddress(issuer, wanted) });
  const changes = createChanges({ ...rooms, whoIsHere, proving });
  const cookie = createChangeCookie({ isSecure: issuer.startsWith('https:') });
  const around = {
    ...{ ...rooms, whoIsHere, proving, changes, cookie },
    least: () => (twoSteps() === 'everyone' ? acr.mfa : acr.pwd),
    readPolicy: () => policy.read(),
    fewestCharacters: () => fewestCharacters(policy.current()),
    signOutAt: provider.pathFor('end_session'),
    directory: createAccountDirectory(accounts),
    ownSessions: createOwnSessions({ ...house, ofAccounts, sessions, clock }),
    ownApps: createOwnApps({ ...house, ofAccounts, clock }),
    trustedDays,
  };
  const finish = createFinish({
    ...around,
    clientId: client.id,
    seedsAfter: (account, gone) => seedsAfter(account, gone, { crypt, clock }),
    noteRemoved: (account, gone) => noteRemoved(account, [gone], { ...house, clock }),
  });
  const renewCodes = createRenewCodes({ ...rooms, most: Number.POSITIVE_INFINITY });
  const acts = createActs({ ...rooms, changes, renewCodes });
  return [
    changeRoutes({ ...around, acts, finish }),
    accountRoutes({ ...around, finish, begun: acts.begin }),
  ];
}
