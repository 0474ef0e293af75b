/**
 * "Sessions": where somebody is signed in, and which browsers are not asked for the second step
 * again.
 */
import type { Clock } from '../lib/clock.ts';
import { trustedIn } from '../models/trusted-browser.ts';
import type { Clients } from '../oidc/clients.ts';
import type { OwnSession, OwnSessions } from '../oidc/own-sessions.ts';
import type { Browser } from '../flow/browser.ts';
import type { Here } from './here.ts';
import type { SessionRow, SessionsPage, TrustRow } from './listing-pages.ts';

export interface SessionListDeps {
  readonly ownSessions: Pick<OwnSessions, 'list'>;
  readonly clients: Pick<Clients, 'find'>;
  readonly clock: Clock;
  /** For how many days policy trusts browsers at most; 0: none. */
  readonly trustedDays: () => number;
}

type Listed = Pick<SessionsPage, 'sessions' | 'browsers' | 'zone'>;

export async function sessionsOf(
  { account, session }: Here,
  browser: Browser,
  { ownSessions, clients, clock, trustedDays }: SessionListDeps,
): Promise<Listed> {
  const listed = await ownSessions.list(account);
  const rows = await Promise.all(listed.map((one) => rowOf(one, session, clients)));
  const judging = { now: clock.now(), days: trustedDays() };
  const held = browser.accounts.flatMap(({ trust }) => trust?.id ?? []);
  const { zoneinfo: zone } = account.profile;
  return {
    sessions: rows.toSorted((a, b) => Number(b.isHere) - Number(a.isHere)),
    browsers: trustedIn(account, judging).map((one) => trustRowOf(one, held)),
    ...(zone !== undefined && { zone }),
  };
}

/** As the list has it, by the name that people know; an app that is gone has none. */
export const nameOf = async (id: string, clients: Pick<Clients, 'find'>): Promise<string> =>
  (await clients.find(id))?.client_name ?? id;

async function rowOf(
  { id, record, since, seenAt, clients: apps, ...from }: OwnSession,
  here: string,
  clients: Pick<Clients, 'find'>,
): Promise<SessionRow> {
  return {
    ...{ id, ...from, isHere: record === here },
    ...(since && { since: since.toISOString() }),
    ...(seenAt && { seenAt: seenAt.toISOString() }),
    apps: await Promise.all(apps.map((app) => nameOf(app, clients))),
  };
}

const trustRowOf = (
  { id, browser, provedAt, lastUsedAt, until }: ReturnType<typeof trustedIn>[number],
  held: readonly string[],
): TrustRow => ({
  ...{ id, isHere: held.includes(id) },
  ...(browser !== undefined && { browser }),
  since: provedAt.toISOString(),
  seenAt: lastUsedAt.toISOString(),
  until: until.toISOString(),
});
