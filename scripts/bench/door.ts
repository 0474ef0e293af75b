/**
 * A door on loopback that leads to the product under its own name, for phones and carriers of the
 * tests, which know an address and no more.
 */
import { once } from 'node:events';
import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HOST } from './product.ts';

export async function openDoor(ports: readonly number[]) {
  let turn = 0;
  const server = createServer((request, response) => {
    const onward = ask(
      {
        ...{ host: '127.0.0.1', port: ports[(turn += 1) % ports.length], path: request.url },
        ...{ method: request.method, headers: { ...request.headers, host: HOST } },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}
