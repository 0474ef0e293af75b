/**
 * Counts what a channel sends, whatever its driver.
 */
import type { Meter } from '../lib/meter.ts';
import { type Channel, ChannelError } from './channel.ts';

export function metered<Message>(
  channel: Channel<Message>,
  { meter, name }: { readonly meter: Meter; readonly name: string },
): Channel<Message> {
  const count = (outcome: string): void => meter.count('sends_total', { channel: name, outcome });
  return {
    ...channel,
    async send(message) {
      try {
        await channel.send(message);
        count('sent');
      } catch (error) {
        count(error instanceof ChannelError && !error.isTemporary ? 'refused' : 'failed');
        throw error;
      }
    },
  };
}
