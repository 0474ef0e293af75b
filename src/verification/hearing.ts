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

/**
 * What one process holds open; whoever comes then asks again and again, or elsewhere. Anybody
 * may open a page, and pages have another way to ask: they must not take the phones' room.
 */
const MOST_PAGES = 1_000;
const MOST_PHONES = 1_000;
/** Of one page or one device: nobody has more windows than that, or they can ask instead. */
const MOST_ALIKE = 10;

export function createHearing({ flows }: { readonly flows: Pick<Flows, 'heard'> }) {
  const all = new Set<Waiting>();
  let isOver = false;

  return {
    /** Returns how to stop; undefined when too many wait already. */
    wait(waiting: Waiting): (() => void) | undefined {
      if (isOver) return undefined;
      const others = [...all].filter((other) => isPage(other) === isPage(waiting));
      if (others.length >= (isPage(waiting) ? MOST_PAGES : MOST_PHONES)) return undefined;
      if (others.filter((other) => isAlike(other, waiting)).length >= MOST_ALIKE) return undefined;
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
      for (const waiting of now) {
        try {
          waiting.hears(heard.filter((one) => concerns(one, waiting)));
        } catch {
          // What one cannot be told must not keep the others from hearing.
          waiting.ends();
        }
      }
    },

    /** This process is leaving: whoever waits here goes to another one. */
    end(): void {
      isOver = true;
      for (const waiting of all) waiting.ends();
      all.clear();
    },
  };
}

const isPage = ({ flow }: Waiting): boolean => flow !== undefined;

const isAlike = (a: Waiting, b: Waiting): boolean =>
  isPage(a) ? a.flow === b.flow : a.devices.some((device) => b.devices.includes(device));

const concerns = ({ _id, challenge }: Heard, { flow, devices }: Waiting): boolean =>
  _id === flow || (!!challenge?.elsewhere && devices.includes(challenge.elsewhere.device));

/** While a device's answer is being judged, there is nothing new to show yet. */
export const isBeingJudged = ({ challenge }: Heard, now: Date): boolean =>
  challenge?.elsewhere !== undefined &&
  challenge.attemptsLeft === 0 &&
  challenge.failure === undefined &&
  challenge.expiresAt > now;
