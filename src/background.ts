/**
 * What the product does beside requests, again and again: messages and notices leave, events move
 * into the chain, what is over is erased. Every process does all of it, and none minds another.
 */
import type { createVerification } from './compose-door.ts';
import type { createProviderAndFlows } from './compose.ts';
import type { createDiskWatch } from './lib/disk-watch.ts';
import { every, type Repeating } from './lib/every.ts';
import type { AppDeps, createAuditTrail, Rooms } from './services.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Working {
  readonly house: Rooms & { readonly audit: ReturnType<typeof createAuditTrail> };
  readonly door: Pick<ReturnType<typeof createVerification>, 'listeners' | 'outbox'>;
  readonly backChannel: ReturnType<typeof createProviderAndFlows>['backChannel'];
  readonly disk: ReturnType<typeof createDiskWatch>;
}

export function createBackground(
  { clock, log }: Pick<AppDeps, 'clock' | 'log'>,
  { house, door, backChannel, disk }: Working,
) {
  const eraseRemoved = () => house.accounts.eraseRemoved(clock.now());
  let repeating: readonly Repeating[] = [];

  return {
    start(): void {
      repeating = [
        every(SECOND, () => door.listeners.turn(), failed('listeners')),
        every(5 * SECOND, () => door.outbox.sweep(), failed('outbox')),
        every(5 * SECOND, () => backChannel.sweep(), failed('back-channel')),
        every(SECOND, () => house.audit.turn(), failed('audit')),
        every(5 * SECOND, () => house.audit.sweep(), failed('audit')),
        every(5 * SECOND, () => disk.turn(), failed('disk')),
        every(MINUTE, eraseRemoved, failed('removed-credentials')),
      ];
    },
    /** All of that, once. */
    async settle(): Promise<void> {
      await disk.turn();
      await door.listeners.turn();
      await door.outbox.sweep();
      await backChannel.sweep();
      await house.audit.turn();
      await house.audit.sweep();
      await eraseRemoved();
    },
    /** Waits for what requests left under way. */
    settled: async (): Promise<void> => {
      await Promise.all([backChannel.settled(), door.outbox.settled()]);
    },
    async stop(): Promise<void> {
      await Promise.all([...repeating.map((each) => each.stop()), backChannel.settled()]);
      door.listeners.end();
      await door.outbox.settled();
      await house.audit.turn().catch(failed('audit'));
    },
  };

  function failed(what: string) {
    return (error: unknown) => {
      if (!disk.isToBlame(error)) log.error({ err: error }, `${what}.failed`);
    };
  }
}
