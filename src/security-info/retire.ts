/**
 * What an account keeps of a method in whose place another one came: no less than of one that was
 * deleted, so that what was proved by it in this session is proved still.
 */
import type { Clock } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import type { Account, Credential } from '../models/account.ts';
import type { Retired } from '../models/account-credentials.ts';
import type { Flow } from '../models/flow.ts';
import { isChangeFlow } from './flow.ts';
import { type RemovalDeps, removedOf } from './remove.ts';

export interface RetireDeps extends Pick<RemovalDeps, 'seedsAfter'> {
  readonly crypt: Pick<Crypt, 'seal'>;
  readonly clock: Clock;
}

export const createRetire =
  ({ crypt, clock, seedsAfter }: RetireDeps) =>
  (flow: Flow, account: Account, gone: Credential): Retired | undefined => {
    // Nowhere else does one take the place of another.
    if (!isChangeFlow(flow)) return undefined;
    const { session } = flow.request;
    const removing = { session, removedAt: clock.now(), began: undefined, crypt };
    return {
      removed: removedOf(account, gone, removing),
      spentSeeds: seedsAfter(account, gone),
    };
  };
