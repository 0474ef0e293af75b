/**
 * Texts that stay here, for tests.
 */
import type { Channel, Sms } from '../channel.ts';

export function createSms(): Channel<Sms> & { readonly sent: readonly Sms[] } {
  const sent: Sms[] = [];
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
