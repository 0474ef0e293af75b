import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';

import { expect } from 'chai';

import { choosePorts } from '../../../scripts/dev/ports.ts';

describe('the ports of the demo', () => {
  let taken: Server;
  let port: number;

  before(async () => {
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    port = (taken.address() as AddressInfo).port;
  });
  after(() => taken.close());

  it('move on from one that is taken, and say so', async () => {
    const told: string[] = [];
    const wanted = [
      { variable: 'A', usual: port },
      { variable: 'B', usual: port },
    ];
    const { A, B } = await choosePorts(wanted, {}, (message) => told.push(message));
    expect(new Set([A, B, String(port)]).size).to.equal(3);
    expect(told[0]).to.equal(`Port ${port} is taken, so ${A ?? ''} it is (choose one with A).`);
  });

  it('are never changed behind the back of whoever named one', async () => {
    const told = await choosePorts(
      [{ variable: 'A', usual: 1 }],
      { A: String(port) },
      () => 0,
    ).catch(String);
    expect(told).to.equal(`Error: Port ${port} is taken; choose another one with A.`);
  });
});
