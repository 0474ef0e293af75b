/**
 * What its owner ends: other sessions, the trust in a browser, what an app may do. What is not
 * theirs, and what somebody else has ended already, is answered in the same way.
 */
import type { Audit } from '../audit/audit.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts } from '../models/account.ts';
import type { Events, From } from '../models/audit-event.ts';
import { storedIn, type TrustedBrowser } from '../models/trusted-browser.ts';
import type { OwnApps } from '../oidc/own-apps.ts';
import type { OwnSessions } from '../oidc/own-sessions.ts';
import type { Change } from './change.ts';
import type { Ended, EndingAct } from './flow.ts';

export interface EndingDeps {
  readonly accounts: Pick<Accounts, 'findById' | 'endTrust'>;
  readonly ownSessions: OwnSessions;
  readonly ownApps: OwnApps;
  readonly audit: Pick<Audit, 'event' | 'happened' | 'record'>;
}

export function createEndings(deps: EndingDeps) {
  const { accounts, ownSessions, audit } = deps;

  return async (act: EndingAct, { flow }: Change, from: From): Promise<Ended> => {
    const { account: id, session, credential: one = '' } = flow.request;
    const account = await accounts.findById(id);
    if (!account) throw new Problem('flow-expired');
    if (act === 'end-app') return endApp(id, one, from);
    return { act, count: await ended(account, session) };

    function ended(theirs: Account, here: string): Promise<number> {
      switch (act) {
        case 'end-session':
          return endSessions(theirs, from, ({ id: each }) => each === one);
        case 'end-sessions':
          return endSessions(theirs, from, ({ record }) => record !== here);
        case 'end-trust':
          return endTrust(theirs, from, ({ id: each }) => each === one);
        default:
          return endTrust(theirs, from, () => true);
      }
    }
  };

  type Listed = Awaited<ReturnType<OwnSessions['list']>>[number];

  /** How many went, which others may have ended at the same moment. */
  async function endSessions(
    account: Account,
    from: From,
    isMeant: (session: Listed) => boolean,
  ): Promise<number> {
    const { _id } = account;
    const meant = (await ownSessions.list(account)).filter(isMeant);
    if (meant.length === 0) return 0;
    const told = () => audit.event('session.ended', { by: _id, account: _id, from }, {});
    await audit.record(meant.map(told));
    const ended = await Promise.all(meant.map(({ id }) => ownSessions.end(_id, id)));
    return ended.filter(Boolean).length;
  }

  async function endApp(account: string, client: string, from: From): Promise<Ended> {
    const app = (await deps.ownApps.list(account)).find(({ id }) => id === client);
    if (!app) return { act: 'end-app', count: 0 };
    const about = { by: account, account, from: { ...from, client } };
    await audit.record([audit.event('consent.revoked', about, { client })]);
    const isDone = await deps.ownApps.end(account, client);
    return { act: 'end-app', app: app.name, count: Number(isDone) };
  }

  async function endTrust(
    account: Account,
    from: From,
    isMeant: (browser: TrustedBrowser) => boolean,
  ): Promise<number> {
    const { _id } = account;
    const meant = storedIn(account).filter(isMeant);
    if (meant.length === 0) return 0;
    const trusted = meant.map(({ id }) => id);
    const trustedAs = meant.map(({ browser }) => browser ?? '');
    const about = { by: _id, account: _id, from };
    const events: Events = [audit.event('browser.trust-revoked', about, { trusted, trustedAs })];
    const isDone = await accounts.endTrust(_id, trusted, events);
    if (isDone) audit.happened('accounts', _id, events);
    return isDone ? meant.length : 0;
  }
}
