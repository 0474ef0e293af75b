/**
 * A channel that stops knocking where nobody opens: after several failures in a row of time it
 * is closed for a while, and says so at once instead of keeping people waiting.
 *
 * Why so: each process judges by what it has seen itself. None needs to know what another one
 * saw, and a carrier that is away is found out by each within a few messages.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { type Channel, ChannelError, type Road } from './channel.ts';

const FAILURES = 5;
const WITHIN_SECONDS = 30;
const CLOSED_SECONDS = 30;

export function withCircuit<Message>(channel: Channel<Message>, clock: Clock): Road<Message> {
  let failures: readonly Date[] = [];

  return {
    isOpen,

    async send(message) {
      if (!isOpen()) throw new ChannelError('not available now', { isTemporary: true });
      try {
        await channel.send(message);
        failures = [];
      } catch (error) {
        // What was refused for its own sake, such as a wrong number, says nothing of the road.
        if (error instanceof ChannelError && error.isTemporary) remember(clock.now());
        throw error;
      }
    },

    check: () => channel.check(),
  };

  /** Once the pause is over one failure more closes it again: the last ones still count. */
  function isOpen(): boolean {
    const newest = failures.at(-1);
    const isClosed = failures.length >= FAILURES && newest !== undefined;
    const now = clock.now();
    return !isClosed || now < newest || now >= secondsAfter(newest, CLOSED_SECONDS);
  }

  function remember(now: Date): void {
    const isTrial = failures.length >= FAILURES;
    const recent = failures.filter((at) => now < secondsAfter(at, WITHIN_SECONDS));
    failures = [...(isTrial ? failures : recent), now].slice(-FAILURES);
  }
}
