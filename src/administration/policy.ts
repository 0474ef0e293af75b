/**
 * What the organisation decides, as administrators see and change it: version after version, each
 * by whoever saw the one before it, and with a reason.
 */
import type { ChannelName } from '../channels/channel.ts';
import type { Policies, PolicyVersion } from '../models/policy.ts';
import type { PolicyInForce } from '../policy/policy.ts';
import { leavesSecondStep, type Policy, policyShape } from '../policy/shape.ts';
import { Refusal } from './refusal.ts';
import type { Telling } from './telling.ts';

export interface PolicyAdministrationDeps {
  readonly policies: Pick<Policies, 'newest' | 'find' | 'history'>;
  readonly policy: Pick<PolicyInForce, 'change'>;
  readonly telling: Telling;
  /** Who is named in the history. */
  readonly author: string;
  readonly hasChannel: (name: ChannelName) => boolean;
}

const MOST_SHOWN = 1000;

export function createPolicyAdministration(deps: PolicyAdministrationDeps) {
  const { policies, policy, telling, author, hasChannel } = deps;

  return {
    /** The version in force, or the one of this number. */
    async find(version?: number): Promise<PolicyVersion> {
      const found = version === undefined ? await policies.newest() : await policies.find(version);
      if (!found) throw new Refusal('policy-version-unknown', { version: version ?? 0 });
      return found;
    },

    /** Newest first. */
    history: (): Promise<PolicyVersion[]> => policies.history(MOST_SHOWN),

    /** One part of it, by its path (`methods.text.signIn`); returns the new version's number. */
    async set(key: string, value: unknown, reason?: string): Promise<number> {
      const read = await policies.newest();
      const changed = withValue(read?.policy, key.split('.'), { value, key });
      return save(changed, { basedOn: read?._id ?? 0, reason });
    },

    /** All of it. */
    async replace(changed: unknown, reason?: string): Promise<number> {
      return save(changed, { basedOn: (await policies.newest())?._id ?? 0, reason });
    },
  };

  async function save(
    changed: unknown,
    { basedOn, reason }: { readonly basedOn: number; readonly reason: string | undefined },
  ): Promise<number> {
    if (reason === undefined) throw new Refusal('reason-missing');
    const sound = checked(changed);
    if (!leavesSecondStep(sound, hasChannel)) throw new Refusal('policy-without-second-step');
    const version = basedOn + 1;
    await telling.before([telling.event('policy.changed', { version }, { reason })]);
    const isFirst = await policy.change({ policy: sound, author, reason, basedOn });
    if (!isFirst) throw new Refusal('policy-changed-meanwhile');
    return version;
  }
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
  if (typeof part !== 'object' || part === null || !Object.hasOwn(part, first)) {
    throw new Refusal('policy-key-unknown', { key: wanted.key });
  }
  const inner: unknown = Reflect.get(part, first);
  return { ...part, [first]: rest.length > 0 ? withValue(inner, rest, wanted) : wanted.value };
}
