/**
 * Whether a method could work, asked in one place by sign-in, by the checks and by
 * administration: as policy has it, in this installation at all, and just now for this account.
 */
import type { Purpose } from '../assurance/purpose.ts';
import type { ChannelName } from '../channels/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { MethodId } from '../methods/index.ts';
import type { OpenMethod } from '../methods/open.ts';
import type { Account } from '../models/account.ts';
import type { Limits } from './rate-limits/limits.ts';
import { pauseOfRequests, type RequestPause } from './rate-limits/request-budget.ts';

export interface Availability {
  /** What the administrator decided, for this account or, without one, for anybody. */
  isAllowed(method: MethodId, asked: Allowed): boolean;
  /** What was decided about the method besides. */
  policyOf(method: MethodId): unknown;
  /** Whether it could work here at all: a text needs a carrier. */
  isAvailable(method: MethodId, purpose: Purpose): boolean;
  /** Whether it may be asked before anybody is named. */
  asksUnnamed(method: MethodId): boolean;
  /** Why not just now: its carrier fails, or this account is not to be asked for a while. */
  awayBecause(method: MethodId, asked: { account: Account; purpose: Purpose }): Away | undefined;
}

export type Away =
  | RequestPause
  | { readonly reason: 'channel'; readonly until?: never }
  /** It was texted or called a moment ago. */
  | { readonly reason: 'paced'; readonly until: Date }
  /** Limits let nothing be sent when it was to be begun. */
  | { readonly reason: 'passed-over'; readonly until: Date };

interface Allowed {
  readonly purpose: Purpose;
  readonly account?: Account | undefined;
}

export interface AvailabilityDeps {
  readonly methods: ReadonlyMap<string, OpenMethod<MethodId>>;
  readonly isAllowed: Availability['isAllowed'];
  readonly policyOf: Availability['policyOf'];
  /** Absent where this installation has none of that name. */
  readonly channels: Readonly<Partial<Record<ChannelName, { isOpen(): boolean } | undefined>>>;
  readonly limits: Pick<Limits, 'requests'>;
  readonly clock: Clock;
}

export function createAvailability(deps: AvailabilityDeps): Availability {
  const { methods, channels, limits, clock } = deps;
  const of = <T>(id: MethodId, ask: (method: OpenMethod) => T): T | undefined => {
    const method = methods.get(id);
    return method && ask(method);
  };

  return {
    isAllowed: deps.isAllowed,
    policyOf: deps.policyOf,

    isAvailable: (id, purpose) =>
      of(id, (method) => {
        const hasChannel = method.channel === undefined || channels[method.channel] !== undefined;
        return hasChannel && method.isPossible({ purpose, policy: deps.policyOf(id) });
      }) ?? false,

    asksUnnamed: (id) =>
      of(id, (method) => {
        const asked = { purpose: 'sign-in', policy: deps.policyOf(id), isUnnamed: true } as const;
        const isAllowed = deps.isAllowed(id, { purpose: asked.purpose });
        return method.asksUnnamed && isAllowed && method.isPossible(asked);
      }) ?? false,

    awayBecause: (id, { account, purpose }) =>
      of(id, ({ channel, outOfBand }) => {
        if (channel !== undefined && channels[channel]?.isOpen() === false) {
          return { reason: 'channel' };
        }
        if (!outOfBand) return undefined;
        const pause = pauseOfRequests(account, purpose, { limits, now: clock.now() });
        // Whoever said no is left in peace by all that ask them elsewhere.
        return outOfBand.countsRequests || pause?.reason === 'denied' ? pause : undefined;
      }),
  };
}
