/**
 * Many people signing in: so many at once, or so many a second, until enough have or the
 * time is up. Nobody uses a code twice.
 */
import { setTimeout as pause } from 'node:timers/promises';

import type { HttpAgent } from './agent.ts';
import { signIn, type SignedIn, type StepName, timeStepNow } from './sign-in.ts';
import { usernameOf } from './tenants.ts';

export interface Load {
  /** How many do so at once; ignored where `perSecond` says when they come. */
  readonly users: number;
  readonly perSecond?: number;
  readonly count?: number;
  readonly seconds?: number;
  readonly onSignedIn?: (signedIn: SignedIn) => void;
}

export interface Result {
  readonly signIns: number;
  readonly seconds: number;
  readonly errors: readonly string[];
  /** Milliseconds of each request, by step; `whole` is one full sign-in. */
  readonly times: ReadonlyMap<StepName | 'whole', readonly number[]>;
}

export type Crowd = ReturnType<typeof createCrowd>;

/** A code is good for its own time step and the next; each account may use two in 30 seconds. */
const NEXT_STEPS = 1;
const FULL_AGAIN_MS = 250;

export function createCrowd(agent: HttpAgent, accounts: number) {
  const lastStep = new Map<number, number>();
  let turn = 0;

  return { run };

  async function run(load: Load): Promise<Result> {
    const times = new Map<StepName | 'whole', number[]>();
    const errors: string[] = [];
    const begun = performance.now();
    const { count = Infinity, seconds = Infinity } = load;
    let started = 0;
    let signIns = 0;
    const isOver = (): boolean => started >= count || performance.now() - begun >= seconds * 1000;

    await (load.perSecond === undefined ? together(load.users) : byTheClock(load.perSecond));
    return { signIns, seconds: (performance.now() - begun) / 1000, errors, times };

    async function together(users: number): Promise<void> {
      await Promise.all(
        Array.from({ length: users }, async () => {
          while (!isOver()) await one();
        }),
      );
    }

    /** They come when they come, however slow the answers are. */
    async function byTheClock(perSecond: number): Promise<void> {
      const all: Promise<void>[] = [];
      while (!isOver()) {
        all.push(one());
        await pause(Math.max(0, begun + (started * 1000) / perSecond - performance.now()));
      }
      await Promise.all(all);
    }

    async function one(): Promise<void> {
      started += 1;
      const who = await nextTenant();
      const start = performance.now();
      try {
        // Apart, because an optional call that is not made does not work out its argument.
        const signedIn = await signIn(agent, who, note);
        load.onSignedIn?.(signedIn);
        signIns += 1;
        note('whole', performance.now() - start);
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error));
      }
    }

    function note(step: StepName | 'whole', ms: number): void {
      const known = times.get(step);
      if (known) known.push(ms);
      else times.set(step, [ms]);
    }
  }

  /** The next account with a code left; waits where all have used theirs. */
  async function nextTenant() {
    for (;;) {
      const index = (turn += 1) % accounts;
      const now = timeStepNow();
      const timeStep = Math.max(now, (lastStep.get(index) ?? 0) + 1);
      if (timeStep <= now + NEXT_STEPS) {
        lastStep.set(index, timeStep);
        return { username: usernameOf(index), timeStep };
      }
      await pause(FULL_AGAIN_MS);
    }
  }
}
