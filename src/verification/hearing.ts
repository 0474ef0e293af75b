/**
 * Pages that wait for a phone, and phones that wait for a page: all that wait in this process
 * are answered by one indexed query a second, however many they are. Nothing is remembered
 * here that another process or a restart would need: who waits asks again elsewhere.
 */
import type { Flows } from '../models/flow.ts';
import type { Heard } from '../models/flow-elsewhere.ts';

export interface Waiting {
  /** The flow of a page. */
  readonly flow?: string;
  /** The credentials of a phone's devices. */
  readonly devices: readonly string[];
  /** Called once a second with what concerns it. */
  hears(heard: readonly Heard[]): void;
  /** This process hears no more. */
  ends(): void;
}

export type Hearing = ReturnType<typeof createHearing>;

/** What one process holds open; whoever comes then asks again and again, or elsewhere. */
const MOST = 2_000;

export function createHearing({ flows }: { readonly flows: Pick<Flows, 'heard'> }) {
  const all = new Set<Waiting>();
  let isOver = false;

  return {
    /** Returns how to stop; undefined when too many wait already. */
    wait(waiting: Waiting): (() => void) | undefined {
      if (isOver || all.size >= MOST) return undefined;
      all.add(waiting);
      return () => all.delete(waiting);
    },

    /** Once a second. */
    async turn(): Promise<void> {
      const now = [...all];
      if (now.length === 0) return;
      const uids = now.flatMap(({ flow }) => flow ?? []);
      const devices = now.flatMap((waiting) => waiting.devices);
      const heard = await flows.heard([...new Set(uids)], [...new Set(devices)]);
      for (const waiting of now) waiting.hears(heard.filter((one) => concerns(one, waiting)));
    },

    /** This process is leaving: whoever waits here goes to another one. */
    end(): void {
      isOver = true;
      for (const waiting of all) waiting.ends();
      all.clear();
    },
  };
}

const concerns = ({ _id, challenge }: Heard, { flow, devices }: Waiting): boolean =>
  _id === flow || (!!challenge?.elsewhere && devices.includes(challenge.elsewhere.device));

/** While a device's answer is being judged, there is nothing new to show yet. */
export const isBeingJudged = ({ challenge }: Heard, now: Date): boolean =>
  challenge?.elsewhere !== undefined &&
  challenge.attemptsLeft === 0 &&
  challenge.failure === undefined &&
  challenge.expiresAt > now;
