/**
 * What an account's owner said was not them, and what that leaves behind: a credential that is
 * suspended until somebody lifts it, and one that was taken away and may be brought back. All of it
 * is one write over the account as it was read, and what was disowned once is not done again.
 */
import { type Model, trusted } from 'mongoose';
import { z } from 'zod';

import type { Held } from './account-credentials.ts';
import { alongWith, type Events } from './audit-event.ts';
import { signingOut } from './signing-out.ts';

const shape = z.object({
  /** The id of the event that told of it. */
  event: z.string(),
  /** From then on nobody can disown it, and nobody needs to know that it was. */
  until: z.date(),
});

export type Disowned = Readonly<z.infer<typeof shape>>;

/** A document with such a list, which somebody may have damaged. */
interface Holder {
  readonly _id: string;
  readonly credentialsVersion: number;
  readonly disowned?: unknown;
}

export interface Disowning extends Disowned {
  readonly now: Date;
  /** The ids of credentials that cannot be used from now on. */
  readonly suspends: readonly string[];
  /** The same of some that are removed, so that they come back no better. */
  readonly suspendsRemoved?: readonly string[];
  /** The id of one that was removed, and may be brought back. */
  readonly contests?: string | undefined;
  readonly needsNewPassword: boolean;
  readonly events?: Events;
}

const listIn = ({ disowned }: Pick<Holder, 'disowned'>): readonly Disowned[] =>
  (Array.isArray(disowned) ? (disowned as unknown[]) : []).flatMap(
    (one) => shape.safeParse(one).data ?? [],
  );

export const isDisowned = (holder: Pick<Holder, 'disowned'>, event: string): boolean =>
  listIn(holder).some((one) => one.event === event);

export const disownedIn = <Stored extends Holder>(model: Model<Stored>) => ({
  /** Signs out, suspends and contests; only if no credential came, went or was suspended since. */
  async disown(read: Holder, disowning: Disowning): Promise<boolean> {
    const { _id, credentialsVersion } = read;
    const arrayFilters = filtersOf(disowning);
    const asRead: object = { _id, credentialsVersion };
    const written = await model.updateOne(asRead, changeOf(read, disowning), {
      ...(arrayFilters.length > 0 && { arrayFilters }),
    });
    return written.modifiedCount === 1;
  },

  /** It can be used again, if it still is suspended as it was read. */
  async lift(
    { _id, credentialsVersion }: Holder,
    { id, version }: Held,
    events: Events = [],
  ): Promise<boolean> {
    const suspended = { id, version, suspendedAt: { $exists: true } };
    const asRead: object = {
      ...{ _id, credentialsVersion },
      credentials: trusted({ $elemMatch: suspended }),
    };
    const change: object = {
      $unset: { 'credentials.$.suspendedAt': 1 },
      $inc: { 'credentials.$.version': 1, credentialsVersion: 1 },
      ...alongWith(events),
    };
    return (await model.updateOne(asRead, change)).modifiedCount === 1;
  },
});

const filtersOf = ({
  suspends,
  suspendsRemoved = [],
  contests,
}: Disowning): Record<string, unknown>[] => [
  ...(suspends.length > 0 ? [{ 'suspended.id': { $in: suspends } }] : []),
  ...(suspendsRemoved.length > 0 ? [{ 'removed.id': { $in: suspendsRemoved } }] : []),
  ...(contests === undefined ? [] : [{ 'contested.id': contests }]),
];

function changeOf(read: Holder, disowning: Disowning): object {
  const { event, until, now, suspends, suspendsRemoved = [] } = disowning;
  const { contests, needsNewPassword, events = [] } = disowning;
  const others = listIn(read).filter((one) => one.until > now);
  const isSuspending = suspends.length > 0;
  return {
    ...signingOut(now),
    $set: {
      disowned: [...others, { event, until }],
      ...(needsNewPassword && { passwordChangeDueAt: now }),
      ...(isSuspending && { 'credentials.$[suspended].suspendedAt': now }),
      ...(suspendsRemoved.length > 0 && { 'removedCredentials.$[removed].suspendedAt': now }),
      ...(contests !== undefined && { 'removedCredentials.$[contested].contestedAt': now }),
    },
    // It may have been trusted by whoever it was.
    $unset: { trustedBrowsers: 1 },
    // No answer that was asked for before is taken.
    $inc: {
      credentialsVersion: 1,
      ...(isSuspending && { 'credentials.$[suspended].version': 1 }),
    },
    ...alongWith(events),
  };
}
