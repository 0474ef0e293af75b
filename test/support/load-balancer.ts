/**
 * A door on loopback that brings every connection to another process than the last. It looks
 * at no byte: whatever a client does is between it and the process.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type Front = Awaited<ReturnType<typeof openFront>>;

/** `next` is asked for each connection where it should go. */
export async function openFront(next: () => Promise<number>) {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    keep(socket);
    void next().then(
      (port) => join(socket, port),
      () => socket.destroy(),
    );
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');

  function keep(socket: Socket): void {
    open.add(socket.setNoDelay());
    socket.once('close', () => open.delete(socket));
  }

  function join(socket: Socket, port: number): void {
    const onward = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    keep(onward);
    onward.on('error', () => socket.destroy());
    socket.once('close', () => onward.destroy());
    socket.pipe(onward).pipe(socket);
  }

  /** Cuts whoever is there; new ones may come. */
  function cutAll(): void {
    for (const socket of open) socket.destroy();
  }

  return {
    port: (server.address() as AddressInfo).port,
    cutAll,
    close(): void {
      server.close();
      cutAll();
    },
  };
}
