/**
 * "Connected apps": which apps may know what, and the page that asks before one may no more.
 */
import type { ShownPage } from '../flow/kind.ts';
import type { FlowPage } from '../flow/pages.ts';
import type { OwnApp, OwnApps } from '../oidc/own-apps.ts';
import type { AppRow } from './listing-pages.ts';

export interface AppListDeps {
  readonly ownApps: Pick<OwnApps, 'list'>;
}

export const appsOf = async (account: string, { ownApps }: AppListDeps): Promise<AppRow[]> =>
  (await ownApps.list(account)).map(rowOf);

const rowOf = ({ since, scopes, ...app }: OwnApp): AppRow => ({
  ...app,
  scopes: scopes.filter((scope) => scope !== 'offline_access'),
  isOffline: scopes.includes('offline_access'),
  ...(since && { since: since.toISOString() }),
});

export async function endAppPage(
  base: FlowPage & { readonly username: string },
  account: string,
  { ownApps, wanted }: AppListDeps & { readonly wanted: string | undefined },
): Promise<ShownPage> {
  const app = (await ownApps.list(account)).find(({ id }) => id === wanted);
  // It is gone already, or never was: there is nothing to ask.
  if (!app) return ['security-info/continue', base];
  const { name, isFirstParty } = app;
  return ['security-info/end-app', { ...base, app: name, isFirstParty }];
}
