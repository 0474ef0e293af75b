/**
 * Takes several credentials of an account away in one write, exactly as they were read, with what
 * sign-in began with and with what was proved by them.
 */
import { type Model, trusted } from 'mongoose';

import type { Account, Credential, SpentSeed } from './account.ts';
import { alongWith, type Events } from './audit-event.ts';
import { signingOut } from './signing-out.ts';

interface Removal {
  readonly signedOutAt: Date;
  /** What the account keeps of apps. */
  readonly spentSeeds?: readonly SpentSeed[] | undefined;
  readonly events: Events;
}

export const createRemoveTogether =
  ({ model }: { readonly model: Model<Account> }) =>
  async (
    { _id, credentialsVersion }: Account,
    going: readonly Credential[],
    { signedOutAt, spentSeeds, events }: Removal,
  ): Promise<boolean> => {
    // A code that was used since must be known to what is left of its seed.
    const asRead = going.map(({ id, version }) => ({
      credentials: trusted({ $elemMatch: { id, version } }),
    }));
    const change: object = {
      ...signingOut(signedOutAt),
      $pull: { credentials: { id: { $in: going.map(({ id }) => id) } } },
      ...(spentSeeds && { $set: { spentSeeds } }),
      $unset: { preferred: 1, trustedBrowsers: 1 },
      $inc: { credentialsVersion: 1 },
      ...alongWith(events),
    };
    const filter: object = { $and: [{ _id, credentialsVersion }, ...asRead] };
    return (await model.updateOne(filter, change)).modifiedCount === 1;
  };
