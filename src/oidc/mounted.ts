/**
 * The provider with what surrounds it, in the order that requests pass.
 */
import type { Middleware } from 'koa';
import mount from 'koa-mount';
import type Provider from 'oidc-provider';

import { type ClientThrottleDeps, throttleClients } from './client-throttle.ts';
import { emptyRevocations, postedRequests } from './endpoints.ts';
import { leaveByPage } from './leave.ts';
import { type OfflineAccessLog, tellOfIgnoredScope } from './offline-access.ts';
import { type RefusalDeps, tellRefusals } from './refusals.ts';

export type MountedDeps = ClientThrottleDeps & RefusalDeps & { readonly log: OfflineAccessLog };

export const mounted = (provider: Provider, deps: MountedDeps): Middleware[] => [
  postedRequests(provider),
  emptyRevocations(provider),
  throttleClients(deps),
  tellRefusals(provider, deps),
  leaveByPage,
  tellOfIgnoredScope(deps.log),
  mount(provider),
];
