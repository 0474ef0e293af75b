/**
 * Pages that wait for a phone, and phones that wait for a page: all that wait in this process
 * are answered by one indexed query a second, however many they are. Nothing is remembered
 * here that another process or a restart would need: who waits asks again elsewhere.
 */
import { type Clock, secondsAfter } from '../../lib/clock.ts';
import { Problem } from '../../lib/problem.ts';
import type { Heard } from '../../models/flow-elsewhere.ts';
import type { Flows } from '../../models/flow.ts';

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

export type Listeners = ReturnType<typeof createListeners>;

/**
 * What one process holds open; whoever comes then asks again and again, or elsewhere. Anybody
 * may open a page, and pages have another way to ask: they must not take the phones' room.
 */
const MOST_PAGES = 1_000;
const MOST_PHONES = 1_000;
/** Of one page or one device: nobody has more windows than that, or they can ask instead. */
const MOST_ALIKE = 10;
const AGAIN_SECONDS = 5;

export interface ListenersDeps {
  readonly flows: Pick<Flows, 'heard'>;
  readonly clock: Clock;
}

export function createListeners({ flows, clock }: ListenersDeps) {
  const all = new Set<Waiting>();
  let isOver = false;

  return {
    /** Returns how to stop; throws Problem when too many wait already: they ask instead. */
    wait(waiting: Waiting): () => void {
      const others = [...all].filter((other) => isPage(other) === isPage(waiting));
      const alike = others.filter((other) => isAlike(other, waiting));
      const most = isPage(waiting) ? MOST_PAGES : MOST_PHONES;
      if (isOver || others.length >= most || alike.length >= MOST_ALIKE) {
        throw new Problem('busy', { retryAt: secondsAfter(clock.now(), AGAIN_SECONDS) });
      }
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
