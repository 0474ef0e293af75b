/**
 * Mail that stays here, for tests.
 */
import type { Channel, Mail } from '../channel.ts';

export function createMail(): Channel<Mail> & { readonly sent: readonly Mail[] } {
  const sent: Mail[] = [];
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
