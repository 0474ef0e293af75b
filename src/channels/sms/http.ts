/**
 * Texts through any carrier that takes one JSON POST.
 */
import type { Channel, Sms } from '../channel.ts';
import { createHttpProvider, type HttpSettings } from '../http-provider.ts';

const PROVIDER = { whom: 'the text provider', optedOut: 410 };

export function createSms(settings: HttpSettings): Channel<Sms> {
  const provider = createHttpProvider(PROVIDER, settings);
  return {
    send: ({ to, purpose, text, messageId }) => provider.post({ to, purpose, text, messageId }),
    check: () => provider.check(),
  };
}
