/**
 * The provider with what surrounds it, in the order that requests pass.
 */
import type { Middleware } from 'koa';
import mount from 'koa-mount';
import type Provider from 'oidc-provider';

import { ignoreStrangeClaims } from './claims-parameter.ts';
import { type ClientThrottleDeps, throttleClients } from './client-throttle.ts';
import { emptyRevocations, postedRequests } from './endpoints.ts';
import { passOnFaults } from './faults.ts';
import { leaveByPage } from './leave.ts';
import { type OfflineAccessLog, tellOfIgnoredScope } from './offline-access.ts';
import { spendPushedRequests } from './pushed-requests.ts';
import { keepRedirectQuery } from './redirect-query.ts';
import { keepRedirectsSmall } from './redirect-size.ts';
import { type RefusalDeps, tellRefusals } from './refusals.ts';
import { tellSignedOut } from './sign-out.ts';
import { speakAsAsked } from './ui-locales.ts';
import { refuseUnreadable } from './unreadable-requests.ts';

export type MountedDeps = ClientThrottleDeps &
  RefusalDeps & { readonly log: OfflineAccessLog; readonly readPolicy: () => Promise<unknown> };

export const mounted = (provider: Provider, deps: MountedDeps): Middleware[] => [
  speakAsAsked,
  postedRequests(provider),
  emptyRevocations(provider),
  ignoreStrangeClaims(provider),
  throttleClients(deps),
  tellRefusals(provider, deps),
  leaveByPage,
  keepRedirectsSmall,
  tellSignedOut,
  keepRedirectQuery,
  tellOfIgnoredScope(deps.log),
  policyFirst(provider, deps),
  spendPushedRequests,
  refuseUnreadable,
  passOnFaults(provider),
  mount(provider),
];

/** Wherever a session is stored, policy says how long it may last. */
function policyFirst(provider: Provider, { readPolicy }: MountedDeps): Middleware {
  const paths = ['authorization', 'end_session'].map((route) => provider.pathFor(route));

  return async (ctx, next) => {
    const path = ctx.path.toLowerCase();
    if (paths.some((own) => path === own || path.startsWith(`${own}/`))) await readPolicy();
    await next();
  };
}
