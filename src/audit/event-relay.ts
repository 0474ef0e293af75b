/**
 * Moves events on, from the documents that they were stored with into the chain, and what
 * people are told of them into the post. Every step may be done twice and counts once, so
 * whoever dies on the way leaves the rest to the next sweep of any process.
 *
 * Why so: nobody waits for this. The events of a second are moved together, which costs four
 * round trips however many there are.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { AuditEvent, Carrier, Carriers } from '../models/audit-event.ts';
import type { Chain } from './chain.ts';

export type HolderName = 'accounts' | 'flows';

export interface MoverDeps {
  readonly accounts: Carriers;
  readonly flows: Carriers;
  readonly chain: Chain;
  /** What people are sent because of an event. */
  readonly mails: readonly { promise(events: readonly AuditEvent[]): Promise<void> }[];
  readonly clock: Clock;
}

export type Mover = ReturnType<typeof createMover>;

/** After so long whoever stored an event has had its turn, or is gone. */
const LEFT_BEHIND_SECONDS = 10;
const AT_ONCE = 100;
/** More are not remembered here: the sweep finds them where they are stored. */
const MOST_HANDED = 5000;

export function createMover(deps: MoverDeps) {
  const { chain, mails, clock } = deps;
  let handed: (Carrier & { readonly holder: HolderName })[] = [];

  return {
    /** What was just stored with its change, and goes on at the next turn. */
    hand(holder: HolderName, _id: string, events: readonly AuditEvent[]): void {
      if (events.length > 0 && handed.length < MOST_HANDED) handed.push({ holder, _id, events });
    },

    /** Moves what was handed over, if anything was. What fails stays where it is stored. */
    async move(): Promise<boolean> {
      const mine = handed;
      handed = [];
      await moveOn(
        'accounts',
        mine.filter(({ holder }) => holder === 'accounts'),
      );
      await moveOn(
        'flows',
        mine.filter(({ holder }) => holder === 'flows'),
      );
      return mine.length > 0;
    },

    /** Moves what other processes left behind. */
    async sweep(): Promise<void> {
      const before = secondsAfter(clock.now(), -LEFT_BEHIND_SECONDS);
      for (const holder of ['accounts', 'flows'] as const) {
        await moveOn(holder, await deps[holder].withEventsBefore(before, AT_ONCE));
      }
    },
  };

  async function moveOn(holder: HolderName, carriers: readonly Carrier[]): Promise<void> {
    const events = carriers.flatMap((carrier) => carrier.events ?? []);
    if (events.length === 0) return;
    await chain.append(events);
    for (const mail of mails) await mail.promise(events);
    await deps[holder].dropEvents(carriers);
  }
}
