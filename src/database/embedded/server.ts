/**
 * Connections: bytes in, messages to the batch, answers out. Whoever sends what is no message
 * loses the connection; nobody else notices.
 */
import { createServer } from 'node:net';
import type { ListenOptions, Server, Socket } from 'node:net';

import type { Batch } from './batch.ts';
import { MalformedInput } from './errors.ts';
import { createFraming, writeReply } from './wire.ts';
import type { Message } from './wire.ts';

export interface Listener {
  readonly server: Server;
  /** Takes no more commands, answers those that are there, and ends all connections. */
  close(): Promise<void>;
}

export async function listen(where: ListenOptions, batch: Batch): Promise<Listener> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, batch);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { server, close: () => close(server, sockets, batch) };
}

function serve(socket: Socket, batch: Batch): void {
  const framing = createFraming();
  socket.setNoDelay(true);
  // A peer that vanishes is nothing to report; 'close' follows by itself.
  socket.on('error', () => undefined);
  socket.on('drain', () => socket.resume());
  socket.on('data', (chunk) => {
    try {
      for (const message of framing(chunk)) batch.add(requestFor(socket, message));
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error;
      socket.destroy();
    }
  });
}

function requestFor(socket: Socket, message: Message): Parameters<Batch['add']>[0] {
  return {
    read: message.read,
    answered: message.answered,
    answer(reply) {
      if (!message.answered || !socket.writable) return;
      // A client that does not read its answers is not read from either.
      if (!socket.write(writeReply(message, reply))) socket.pause();
    },
    reject: () => socket.destroy(),
  };
}

async function close(server: Server, sockets: ReadonlySet<Socket>, batch: Batch): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  for (const socket of sockets) socket.pause();
  batch.flush();
  // Ended once its last answer is written; a client that does not read is not waited for.
  for (const socket of sockets) {
    socket.setTimeout(1000, () => socket.destroy());
    socket.end(() => socket.destroy());
  }
  await closed;
}
