/**
 * The organisation's policy as it is in force. It lives in the database, so that a change
 * reaches every process within five seconds and no restart is needed; the configuration says
 * only what a new installation begins with.
 *
 * Why so: it is read when a request needs it and what is known is too old, not by a timer, so
 * nothing is in force longer than that because a process was busy or its clock stood still.
 */
import { z } from 'zod';

import type { Clock } from '../lib/clock.ts';
import type { Policies, PolicyVersion } from '../models/policy.ts';
import { type Policy, policyShape } from './shape.ts';

export interface PolicyDeps {
  readonly policies: Policies;
  /** The first version, and what a stored one says of settings that it is too old to know. */
  readonly begins: Policy;
  readonly clock: Clock;
}

export interface Change {
  readonly policy: unknown;
  readonly author: string;
  readonly reason: string;
  /** The version that whoever changes it has seen. */
  readonly basedOn: number;
}

/** Less than five seconds, by what one request may take. */
const KEPT_MILLISECONDS = 4000;

/** What parts it has is judged by its shape, once it is complete. */
const Stored = z.looseObject({ methods: z.looseObject({}).exactOptional() });

export type PolicyInForce = ReturnType<typeof createPolicyInForce>;

export function createPolicyInForce({ policies, begins, clock }: PolicyDeps) {
  let known:
    { readonly policy: Policy; readonly version: number; readonly readAt: Date } | undefined;
  let reading: Promise<void> | undefined;

  return {
    /** As of the last `read`. */
    current,

    /** A stored version as it is in force; throws for what is none. */
    completed,

    /** Before a request asks for anything that policy decides. */
    async read(): Promise<Policy> {
      // Whoever comes while it is being read waits for the same reading.
      if (!isRecent()) await (reading ??= readNewest().finally(() => (reading = undefined)));
      return current();
    },

    /**
     * Adds a version. Throws ZodError for what is no policy; false when somebody else changed it
     * since the version that this is based on.
     */
    async change({ policy, author, reason, basedOn }: Change): Promise<boolean> {
      const at = clock.now();
      const sound = policyShape.parse(policy);
      const isAdded = await policies.add({ _id: basedOn + 1, policy: sound, author, reason, at });
      known = undefined;
      return isAdded;
    },
  };

  function current(): Policy {
    if (!known) throw new Error('the policy was asked for before it was read');
    return known.policy;
  }

  function isRecent(): boolean {
    const age = known ? clock.now().getTime() - known.readAt.getTime() : -1;
    return age >= 0 && age < KEPT_MILLISECONDS;
  }

  async function readNewest(): Promise<void> {
    const readAt = clock.now();
    const { _id: version, policy } = (await policies.newest()) ?? (await begin(readAt));
    if (known?.version === version) known = { ...known, readAt };
    else known = { policy: completed(policy), version, readAt };
  }

  async function begin(at: Date): Promise<PolicyVersion> {
    const first = { _id: 1, policy: begins, author: 'configuration', reason: 'first start', at };
    // Two processes may both be the first.
    if (await policies.add(first)) return first;
    return (await policies.newest()) ?? first;
  }

  function withDefaults(id: string, decided: unknown): unknown {
    const defaults: unknown = Reflect.get(begins.methods, id);
    const isPart = typeof decided === 'object' && typeof defaults === 'object';
    return isPart ? { ...defaults, ...decided } : decided;
  }

  /** What a newer Doorstep may decide has its default until somebody decides it. */
  function completed(stored: unknown): Policy {
    const read = Stored.safeParse(stored);
    if (!read.success) throw new Error('the stored policy is not one', { cause: read.error });
    const { methods, ...rest } = read.data;
    const all = { ...begins.methods, ...methods };
    const parts = Object.entries(all).map(([id, decided]) => [id, withDefaults(id, decided)]);
    const policy = { ...begins, ...rest, methods: Object.fromEntries(parts) as unknown };
    const sound = policyShape.safeParse(policy);
    // Nobody's form: ours to mend, and until then nobody is let in.
    if (!sound.success) throw new Error('the stored policy is not one', { cause: sound.error });
    return sound.data;
  }
}
