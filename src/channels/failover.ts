/**
 * Two roads as one: what the first does not take, the second is given. A message that the first
 * one took and did not say so may then arrive twice, with the same code.
 */
import { ChannelError, type Road } from './channel.ts';

export function failover<Message>(first: Road<Message>, second: Road<Message>): Road<Message> {
  return {
    isOpen: () => first.isOpen() || second.isOpen(),

    async send(message) {
      if (!first.isOpen()) return second.send(message);
      try {
        await first.send(message);
      } catch (error) {
        // Refused for good by one carrier may only mean that this one does not serve the country.
        if (!(error instanceof ChannelError)) throw error;
        // Whoever told one carrier to stop, meant us.
        if (error.isOptedOut) throw error;
        await second.send(message);
      }
    },

    async check() {
      await Promise.any([first.check(), second.check()]).catch((error: unknown) => {
        throw error instanceof AggregateError ? error.errors[0] : error;
      });
    },
  };
}
