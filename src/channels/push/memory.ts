/**
 * Pushes that stay here, for tests.
 */
import type { Channel, Push } from '../channel.ts';

export function createPush(): Channel<Push> & { readonly sent: readonly Push[] } {
  const sent: Push[] = [];
  return {
    sent,
    async send(message) {
      sent.push(message);
    },
    async check() {
      // There is nothing that could be out of reach.
    },
  };
}
