import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from 'chai';

import { withDemoKey } from '../../../../scripts/demo-key/serve.ts';

const asking = '<head></head><form class="key" method="post">é</form>';
const script = '<script src="/demo-key/demo-key.js" type="module"></script>';

describe('The demo key', () => {
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  const serves = async (body: string | Buffer): Promise<string> => {
    const answer: RequestListener = (_request, response) => {
      response.setHeader('Content-Length', Buffer.byteLength(body)).end(body);
    };
    const server = createServer(withDemoKey(answer)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is named in the head of pages that ask for a key, and in no other answer', async () => {
    const page = await (await fetch(await serves(asking))).text();
    expect(page.replaceAll(/\s+/g, ' ')).to.contain(`<head> ${script} </head><form class="key"`);
    expect(page).to.match(/é<\/form>$/);
    for (const other of ['<head></head><form method="post">', Buffer.from(asking)]) {
      expect(await (await fetch(await serves(other))).text()).to.equal(String(other));
    }
  });

  it('is served, with the keys that people have from the start, and nothing beside it', async () => {
    const at = await serves('Doorstep');
    const people = await fetch(`${at}/demo-key/people.js`);
    expect(people.headers.get('content-type')).to.equal('text/javascript');
    expect(await people.text()).to.match(/^export const fromTheStart = \[{"username":"ada",/);
    for (const name of ['serve.ts', '../demo-people.ts', 'constructor', '']) {
      expect(await (await fetch(`${at}/demo-key/${name}`)).text()).to.equal('Doorstep');
    }
  });

  it('is nothing that the product knows of', () => {
    const files = globSync('{src,views,config}/**/*.{ts,js,ejs,css,json,yaml}');
    expect(files.length).to.be.above(300);
    const knowing = files.filter((file) => /demo-?key/i.test(readFileSync(file, 'utf8')));
    expect(knowing).to.deep.equal([]);
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['start:production']).to.match(/ src\/main\.ts$/);
  });

  it('is not there in production', async () => {
    const env = { ...process.env, NODE_ENV: 'production' };
    for (const script of ['scripts/dev.ts', 'scripts/dev/doorstep.ts']) {
      const child = spawn(process.execPath, [script], { env, stdio: 'ignore' });
      expect(await once(child, 'exit'), script).to.deep.equal([1, null]);
    }
  });
});
