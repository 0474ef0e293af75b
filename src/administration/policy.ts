/**
 * What the organisation decides, as administrators see and change it: version after version, each
 * by whoever saw the one before it, and with a reason. Whom a change would leave without a way in
 * is said before it is made.
 */
import { isDeepStrictEqual } from 'node:util';

import type { ChannelName } from '../channels/channel.ts';
import type { Policies, PolicyVersion } from '../models/policy.ts';
import { type Audience, isAudience } from '../policy/audience.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { leavesSecondStep, type Policy, policyShape, trustDaysOffered } from '../policy/shape.ts';
import { effectOf, type EffectDeps } from './policy-effect.ts';
import { Refusal } from './refusal.ts';
import type { Telling } from './telling.ts';

export interface PolicyAdministrationDeps extends EffectDeps {
  readonly policies: Pick<Policies, 'newest' | 'find' | 'history'>;
  readonly policy: Pick<PolicyInForce, 'change' | 'completed'>;
  readonly telling: Telling;
  /** Who is named in the history. */
  readonly author: string;
  readonly hasChannel: (name: ChannelName) => boolean;
}

export interface Decision {
  readonly reason?: string | undefined;
  /** Whatever it does to people. */
  readonly isConfirmed?: boolean | undefined;
}

export interface Decided {
  /** The one in force. */
  readonly version: number;
  /** Otherwise it was so already, and there is no new version. */
  readonly isChanged: boolean;
  /** Named in it, and nobody is in them. */
  readonly emptyGroups: readonly string[];
  /** It lets browsers be trusted, and asks for nothing that this would spare anybody. */
  readonly isTrustInVain?: true;
}

interface InForce {
  readonly _id: number;
  readonly policy: Policy;
}

const MOST_SHOWN = 1000;

export function createPolicyAdministration(deps: PolicyAdministrationDeps) {
  const { policies, policy, telling, author, hasChannel } = deps;

  return {
    /** The version in force, or the one of this number as it was stored. */
    async find(version?: number): Promise<PolicyVersion> {
      return version === undefined ? inForce() : numbered(version, await policies.find(version));
    },

    /** Newest first. */
    history: (): Promise<PolicyVersion[]> => policies.history(MOST_SHOWN),

    /** One part of it, by its path (`methods.text.signIn.exclude`). */
    async set(key: string, value: unknown, decision: Decision): Promise<Decided> {
      const read = await inForce();
      return save(read, withValue(read.policy, key.split('.'), { value, key }), decision);
    },

    /** All of it. */
    replace: async (changed: unknown, decision: Decision): Promise<Decided> =>
      save(await inForce(), changed, decision),
  };

  async function inForce(): Promise<PolicyVersion & InForce> {
    const read = numbered(0, await policies.newest());
    return { ...read, policy: policy.completed(read.policy) };
  }

  async function save(read: InForce, changed: unknown, decision: Decision): Promise<Decided> {
    const { reason, isConfirmed = false } = decision;
    if (reason === undefined) throw new Refusal('reason-missing');
    const sound = checked(changed);
    if (isDeepStrictEqual(sound, read.policy)) {
      return { version: read._id, isChanged: false, emptyGroups: [] };
    }
    if (!leavesSecondStep(sound, hasChannel)) throw new Refusal('policy-without-second-step');
    const version = read._id + 1;
    const told = telling.event('policy.changed', { version }, { reason });
    const { emptyGroups, ...effect } = await effectOf({ before: read.policy, after: sound }, deps);
    const isFelt = effect.lockedOut.count + effect.startingAnew.count > 0;
    if (isFelt && !isConfirmed) throw new Refusal('policy-locks-out', effect);
    await telling.before([told]);
    const isFirst = await policy.change({ policy: sound, author, reason, basedOn: read._id });
    if (!isFirst) throw new Refusal('policy-changed-meanwhile');
    const isTrustInVain = isVainIn(sound) && concernsTrust(read.policy, sound);
    return { version, isChanged: true, emptyGroups, ...(isTrustInVain && { isTrustInVain }) };
  }
}

/** Only apps ask for two steps, and a browser that is trusted is not enough for them. */
const isVainIn = (policy: Policy): boolean =>
  policy.trustedBrowsers.days > 0 && trustDaysOffered(policy) === 0;

const concernsTrust = (before: Policy, after: Policy): boolean =>
  before.twoSteps !== after.twoSteps ||
  !isDeepStrictEqual(before.trustedBrowsers, after.trustedBrowsers);

function numbered(version: number, found: PolicyVersion | undefined): PolicyVersion {
  if (!found) throw new Refusal('policy-version-unknown', { version });
  return found;
}

function checked(given: unknown): Policy {
  const { data, error } = policyShape.safeParse(given);
  if (error) throw new Refusal('policy-unfit', { issues: error.issues, given });
  return data;
}

interface Wanted {
  readonly value: unknown;
  /** The whole path. */
  readonly key: string;
}

/** A copy with one value replaced; what is not there cannot be replaced. */
function withValue(
  part: unknown,
  [first = '', ...rest]: readonly string[],
  wanted: Wanted,
): unknown {
  const isOfGroups = rest.length === 0 && (first === 'include' || first === 'exclude');
  if (isOfGroups && isAudience(part)) return withGroups(part, first, wanted);
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, first)) {
    throw new Refusal('policy-key-unknown', { key: wanted.key });
  }
  const inner: unknown = Reflect.get(part, first);
  return { ...part, [first]: rest.length > 0 ? withValue(inner, rest, wanted) : wanted.value };
}

/** Everybody can be narrowed down, and nobody only be added to. */
function withGroups(
  allowed: Audience,
  which: 'include' | 'exclude',
  { value, key }: Wanted,
): unknown {
  if (!allowed && which === 'exclude') throw new Refusal('policy-nobody-to-exclude', { key });
  return { ...(typeof allowed === 'object' && allowed), [which]: value };
}
