import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { expect } from 'chai';

import { listen } from '../../src/listen.ts';

const settings = {
  ...{ hosts: ['127.0.0.1'], port: 0, notReadyForSeconds: 0 },
  ...{ trustedProxies: [], proxyHeader: 'x-forwarded-for' as const },
  ...{ headersTimeoutSeconds: 10, requestTimeoutSeconds: 20, stopWithinSeconds: 5 },
};

describe('listening', () => {
  it('stops only after a request that had begun was answered, and keeps no connection', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    const listening = await listen((_request, response) => begun.resolve(response), settings);
    const agent = new Agent({ keepAlive: true });
    const asked = get({ port: listening.port, host: '127.0.0.1', agent });
    const response = await begun.promise;

    let isStopped = false;
    const stopped = listening.stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).to.equal(false);

    response.end('done');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(await text(answer)).to.equal('done');
    await stopped;
    agent.destroy();
  });

  it('keeps no connection once it is told to let go, and still takes new ones', async () => {
    const listening = await listen((_request, response) => response.end(), settings);
    const agent = new Agent({ keepAlive: true });
    const kept = async (): Promise<string | undefined> => {
      const asked = get({ port: listening.port, host: '127.0.0.1', agent });
      const [answer] = (await once(asked, 'response')) as [IncomingMessage];
      await text(answer);
      return answer.headers.connection;
    };
    expect(await kept()).to.equal('keep-alive');
    listening.letGo();
    expect(await kept()).to.equal('close');
    expect(await kept()).to.equal('close');
    agent.destroy();
    await listening.stop();
  });

  it('keeps an idle connection for longer than proxies in front keep it', async () => {
    const listening = await listen((_request, response) => response.end(), settings);
    const agent = new Agent({ keepAlive: true });
    const asked = get({ port: listening.port, host: '127.0.0.1', agent });
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    expect(answer.headers['keep-alive']).to.equal('timeout=125');
    agent.destroy();
    await listening.stop();
  });

  it('takes no new connection once it stops', async () => {
    const listening = await listen((_request, response) => response.end(), settings);
    await listening.stop();
    const asked = get({ port: listening.port, host: '127.0.0.1' });
    const [error] = (await once(asked, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).to.equal('ECONNREFUSED');
  });

  it('skips an address that this machine does not have, unless there is no other', async () => {
    const elsewhere = '192.0.2.1'; // for documentation only (RFC 5737)
    const listening = await listen(() => 0, { ...settings, hosts: [elsewhere, '127.0.0.1'] });
    await listening.stop();
    const refused = await listen(() => 0, { ...settings, hosts: [elsewhere] }).catch(String);
    expect(refused).to.equal('Error: none of server.hosts is an address of this machine');
  });
});
