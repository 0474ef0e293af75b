/**
 * Server-sent events (HTML Living Standard §9.2): an answer that stays open and says something
 * now and then. A line without meaning keeps proxies from closing it meanwhile.
 */
import { PassThrough } from 'node:stream';

import type { Context } from 'koa';

export interface EventStream {
  send(event: string, data: unknown): void;
  end(): void;
  /** Once, when either side has ended it. */
  onEnd(listener: () => void): void;
}

const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing must not fill our memory. */
const MOST_WAITING_BYTES = 256 * 1024;

export function openEventStream(ctx: Context): EventStream {
  const body = new PassThrough();
  const beat = setInterval(() => write(':\n\n'), HEARTBEAT_MS).unref();
  body.once('close', () => clearInterval(beat));
  // A browser that went away is no fault.
  body.on('error', () => body.destroy());
  ctx.type = 'text/event-stream';
  ctx.set('Cache-Control', 'no-store');
  ctx.set('X-Accel-Buffering', 'no');
  ctx.body = body;
  // Sends the head at once.
  write(':\n\n');

  function write(text: string): void {
    if (body.writableLength > MOST_WAITING_BYTES) body.destroy();
    else if (!body.writableEnded) body.write(text);
  }

  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    end: () => body.end(),
    onEnd: (listener) => body.once('close', listener),
  };
}
