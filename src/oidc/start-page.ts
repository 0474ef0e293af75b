/**
 * What the start page says: to whoever is signed in here, who that is and which apps there are. To
 * strangers it says neither. It only reads.
 */
import type { Context } from 'koa';
import type Provider from 'oidc-provider';

import type { HomePage } from '../web/page.ts';
import type { People, Person } from './claims.ts';
import type { Clients } from './clients.ts';

export interface StartPageDeps {
  readonly provider: Provider;
  readonly people: People;
  readonly clients: Pick<Clients, 'homes'>;
}

export const createStartPage =
  ({ provider, people, clients }: StartPageDeps) =>
  async (ctx: Context): Promise<HomePage> => {
    // Without a cookie of ours that costs no look-up.
    const { accountId, loginTs = 0 } = await provider.Session.get(ctx);
    const person = accountId === undefined ? undefined : await people.findById(accountId);
    if (!person || !isSignedIn(person, loginTs)) return {};
    const { name, username } = person;
    return {
      person: { username, ...(name !== '' && { name }) },
      signOutAt: provider.pathFor('end_session'),
      apps: await clients.homes(),
    };
  };

/** Disabled, or signed out everywhere: no app would be told otherwise. */
const isSignedIn = ({ disabledAt, signedOutAt }: Person, loginTs: number): boolean =>
  !disabledAt && !(signedOutAt && loginTs * 1000 <= signedOutAt.getTime());
