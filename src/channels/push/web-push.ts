/**
 * Pushes to browsers: sent to the push service that the browser named (RFC 8030), encrypted for
 * that browser alone (RFC 8291) and signed with our VAPID key (RFC 8292).
 *
 * Why so: the library encrypts and signs, and does not send. It would wait for the end of an
 * answer that has none. A certificate authority of one's own is named to all of Node, in
 * NODE_EXTRA_CA_CERTS: whoever looks into TLS on the way out does so on every road.
 */
import { z } from 'zod';

import { vapidPublicKey } from '../../lib/vapid.ts';
import { createAsk, isTaken, refusal } from '../ask.ts';
import { type Channel, ChannelError, type Push } from '../channel.ts';
import { isPushAddress, isSuffix, pushHost } from '../push-address.ts';

export const webPushSettings = z.strictObject({
  driver: z.literal('web-push').default('web-push'),
  hosts: z.array(pushHost).min(1).readonly(),
  /** Whom a push service may write to. Apple takes no token from a localhost. */
  contact: z
    .url({ protocol: /^(mailto|https)$/ })
    .refine(
      (url) => !URL.canParse(url) || new URL(url).hostname !== 'localhost',
      'must not name localhost',
    )
    .exactOptional(),
  /** For one push, until the service has answered. */
  timeoutSeconds: z.number().positive().max(10).default(4),
});

export interface WebPushSettings {
  readonly hosts: readonly string[];
  readonly contact: string;
  readonly vapidKey: string;
  readonly timeoutSeconds: number;
}

const SERVICE = 'the push service';
const ENCODING = 'aes128gcm';

export function createPush(settings: WebPushSettings): Channel<Push> {
  const { hosts, contact, vapidKey, timeoutSeconds } = settings;
  const publicKey = vapidPublicKey(vapidKey);
  const ask = createAsk({ whom: SERVICE, timeoutSeconds });

  return {
    async send(push) {
      const { endpoint } = push.subscription;
      if (!isPushAddress(endpoint, hosts)) {
        throw new ChannelError('not the address of a push service', { isTemporary: false });
      }
      const status = await ask(endpoint, { method: 'POST', ...(await written(push)) });
      if (status === 404 || status === 410) {
        throw new ChannelError('the subscription is gone', { isTemporary: false, isGone: true });
      }
      if (!isTaken(status)) throw refusal(SERVICE, status);
    },

    /** One of those that are named in full will do; nobody can ask a star. */
    async check() {
      const named = hosts.filter((host) => !isSuffix(host));
      if (named.length === 0) return;
      await Promise.any(named.map(reach)).catch((error: unknown) => {
        throw error instanceof AggregateError ? error.errors[0] : error;
      });
    },
  };

  async function written({ subscription, payload, ttlSeconds, messageId, topic }: Push) {
    // Loaded with the first push: it costs 160 ms and a megabyte.
    const { default: library } = await import('web-push');
    const { endpoint, p256dh, auth } = subscription;
    const { origin } = new URL(endpoint);
    return {
      headers: {
        ...library.getVapidHeaders(origin, contact, publicKey, vapidKey, ENCODING),
        'content-type': 'application/octet-stream',
        'content-encoding': ENCODING,
        ttl: String(ttlSeconds),
        // Somebody looks at a page that waits.
        urgency: 'high',
        topic: topic ?? messageId,
      },
      body: encrypted(),
    };

    function encrypted(): Buffer<ArrayBuffer> {
      try {
        return Buffer.from(library.encrypt(p256dh, auth, payload, ENCODING).cipherText);
      } catch (cause) {
        throw new ChannelError('the subscription holds no usable keys', {
          isTemporary: false,
          cause,
        });
      }
    }
  }

  async function reach(host: string): Promise<void> {
    const status = await ask(`https://${host}/`, { method: 'HEAD' });
    if (status >= 500) throw refusal(SERVICE, status);
  }
}
