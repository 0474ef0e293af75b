/**
 * What a provider posts to us, signed as Standard Webhooks have it: HMAC-SHA-256 over id, time
 * and body, by a secret that both know.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

import { z } from 'zod';

import type { ProviderCallback } from './channel.ts';

const PREFIX = 'whsec_';
const MOST_SECONDS_APART = 5 * 60;

/** 24 to 64 bytes in base64, as the standard asks for. */
export const webhookSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]+={0,2}$/, 'must be whsec_ and then base64')
  .refine((secret) => {
    const { length } = keyOf(secret);
    return length >= 24 && length <= 64;
  }, 'must hold 24 to 64 bytes');

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

export function signWebhook(
  { id, timestamp, body }: { id: string; timestamp: string; body: string },
  secret: string,
): string {
  const signed = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`);
  return `v1,${signed.digest('base64')}`;
}

/** The time is judged too: what was signed long ago may have been listened to since. */
export function isSignedWebhook(
  { headers, body }: Pick<ProviderCallback, 'headers' | 'body'>,
  { secret, now }: { readonly secret: string; readonly now: Date },
): boolean {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (!id || !timestamp || !/^\d{1,12}$/.test(timestamp)) return false;
  const apart = Math.abs(now.getTime() / 1000 - Number(timestamp));
  if (apart > MOST_SECONDS_APART) return false;
  const expected = Buffer.from(signWebhook({ id, timestamp, body }, secret));
  // While a secret is changed there are several signatures.
  const given = (headers['webhook-signature'] ?? '').split(' ').slice(0, 10);
  return given.some((each) => {
    const signature = Buffer.from(each);
    return signature.length === expected.length && timingSafeEqual(signature, expected);
  });
}
