/**
 * A browser that subscribed to pushes: it alone can read them (RFC 8291).
 */
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';

/** All in base64url, as in the examples of the RFC. */
export interface SubscriberKeys {
  readonly privateKey: string;
  readonly p256dh: string;
  readonly auth: string;
}

export function makeSubscriberKeys(): SubscriberKeys {
  const curve = createECDH('prime256v1');
  const p256dh = curve.generateKeys('base64url');
  const auth = randomBytes(16).toString('base64url');
  return { privateKey: curve.getPrivateKey('base64url'), p256dh, auth };
}

const SALT_BYTES = 16;
const TAG_BYTES = 16;

/** Throws where it is not for this subscriber, or not one whole record (RFC 8188). */
export function readPush(message: Buffer, keys: SubscriberKeys): string {
  const salt = message.subarray(0, SALT_BYTES);
  const recordBytes = message.readUInt32BE(SALT_BYTES);
  const senderAt = SALT_BYTES + 5;
  const sealedAt = senderAt + message.readUInt8(SALT_BYTES + 4);
  const sender = message.subarray(senderAt, sealedAt);
  const sealed = message.subarray(sealedAt);
  if (sealed.length > recordBytes) throw new Error('there is more than one record');

  const curve = createECDH('prime256v1');
  curve.setPrivateKey(keys.privateKey, 'base64url');
  const [receiver, auth] = [keys.p256dh, keys.auth].map((key) => Buffer.from(key, 'base64url'));
  if (!receiver || !auth) throw new Error('keys are missing');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), receiver, sender]);
  const shared = derive(curve.computeSecret(sender), auth, info, 32);
  const key = derive(shared, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
  const nonce = derive(shared, salt, Buffer.from('Content-Encoding: nonce\0'), 12);

  const decipher = createDecipheriv('aes-128-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const record = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
  // The last record ends in a 2 and zeros, as many as the sender likes.
  const end = record.findLastIndex((byte) => byte !== 0);
  if (record[end] !== 2) throw new Error('the record is not the last one');
  return record.toString('utf8', 0, end);
}

const derive = (secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, bytes));
