/**
 * The headers of a provider that signs what it posts (Standard Webhooks).
 */
import { randomId } from '../../src/lib/codes.ts';
import { signWebhook } from '../../src/channels/standard-webhooks.ts';

export function signedHeaders(
  body: string,
  { secret, at, id = `msg_${randomId()}` }: { secret: string; at: Date; id?: string },
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signWebhook({ id, timestamp, body }, secret),
  };
}
