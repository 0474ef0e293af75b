/**
 * Calls that ring nowhere, for tests.
 */
import type { Call, VoiceChannel } from '../channel.ts';

export function createVoice(): VoiceChannel & { readonly sent: readonly Call[] } {
  const sent: Call[] = [];
  return {
    sent,
    hearsKeys: true,
    async send(message) {
      sent.push(message);
    },
    async check() {
      // There is nothing that could be out of reach.
    },
    readCallback: async () => undefined,
  };
}
