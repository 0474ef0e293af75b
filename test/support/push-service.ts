/**
 * A push service on loopback, over TLS: takes pushes as a real one would, refuses what a real one
 * would refuse, and lets stories read them as the browser that subscribed does. It can be told to
 * fail in the ways that push services do.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { type Certificate, theCertificate } from './certificate.ts';
import { makeSubscriberKeys, readPush } from './push-subscriber.ts';
import { faultIn, readVapid } from './vapid.ts';

export interface Delivery {
  /** What the sender wrote, decrypted. */
  readonly payload: string;
  readonly ttlSeconds: number;
  readonly urgency: string | undefined;
  readonly topic: string | undefined;
  /** Whom the service may write to about the sender. */
  readonly contact: string;
}

type Taker = (request: IncomingMessage, body: Buffer) => void;

/** What every service takes (RFC 8030 §7.2), and ours takes no more. */
const MOST_BYTES = 4096;

export type PushService = Awaited<ReturnType<typeof openPushService>>;
export type Subscriber = ReturnType<PushService['subscribe']>;

export async function openPushService({ key, cert }: Certificate = theCertificate()) {
  const takers = new Map<string, Taker | 'gone'>();
  const asked: string[] = [];
  const refusals: string[] = [];
  let answer: ((response: ServerResponse) => void) | undefined;

  const server = createServer({ key, cert }, (request, response) => {
    void (async () => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
      const body = await buffer(request);
      if (answer) answer(response);
      else response.writeHead(statusFor(request, body)).end();
    })();
  });
  server.unref().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = `localhost:${port}`;

  function statusFor(request: IncomingMessage, body: Buffer): number {
    const taker = takers.get(request.url ?? '');
    if (request.method !== 'POST') return 405;
    if (taker === undefined) return 404;
    if (taker === 'gone') return 410;
    if (body.length > MOST_BYTES) return 413;
    try {
      taker(request, body);
      return 201;
    } catch (error) {
      refusals.push(String(error));
      return 400;
    }
  }

  return {
    /** For `channels.push.hosts`. */
    host,
    /** Every request there was, whatever became of it: "POST /push/…". */
    asked,
    /** Why pushes were not taken. */
    refusals,
    /** What it answers from now on, whatever is asked; nothing: as it should. */
    answers(next?: number | ((response: ServerResponse) => void)): void {
      answer = typeof next === 'number' ? (response) => void response.writeHead(next).end() : next;
    },
    /** A browser that wants pushes of whoever has this VAPID key. */
    subscribe(publicKey: string) {
      const { p256dh, auth, ...secret } = makeSubscriberKeys();
      const path = `/push/${randomUUID()}`;
      const received: Delivery[] = [];
      takers.set(path, (request, body) => {
        const { headers } = request;
        const claims = readVapid(headers.authorization ?? '', publicKey);
        const fault = faultIn(claims, `https://${host}`) ?? faultInHeaders(headers);
        if (fault !== undefined) throw new Error(fault);
        received.push({
          payload: readPush(body, { p256dh, auth, ...secret }),
          ttlSeconds: Number(headers.ttl),
          urgency: headers.urgency?.toString(),
          topic: headers.topic?.toString(),
          contact: String(claims.sub),
        });
      });
      return {
        subscription: { endpoint: `https://${host}${path}`, p256dh, auth },
        received,
        unsubscribe: () => void takers.set(path, 'gone'),
      };
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** RFC 8030 §5.2 to §5.4, RFC 8291 §4. */
function faultInHeaders(headers: IncomingMessage['headers']): string | undefined {
  const { ttl, urgency, topic } = headers;
  if (!/^\d+$/.test(String(ttl))) return 'no time to live';
  if (headers['content-encoding'] !== 'aes128gcm') return 'not encrypted';
  if (!/^(very-low|low|normal|high|undefined)$/.test(String(urgency))) return 'no such urgency';
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic))) return 'no such topic';
  return undefined;
}
