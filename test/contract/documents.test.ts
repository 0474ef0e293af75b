/**
 * The promises of README and docs: their tables are the code's, what they name is there, and the
 * app that the README prints signs people in.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect } from 'chai';

import { choosePorts } from '../../scripts/dev/ports.ts';
import { documents, tableNames, withTables } from '../../scripts/tables.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { type House, openHouse } from '../support/house.ts';

const read = (file: string): string => readFileSync(file, 'utf8');
const found = (text: string, what: RegExp): string[] =>
  [...text.matchAll(what)].map(([, name]) => name ?? '');

const MOST_BYTES = 12_000;

describe('The documents', () => {
  it('have the tables that follow from the code (npx node scripts/tables.ts writes them)', () => {
    for (const file of documents) {
      const current = withTables(read(file));
      const added = current.split('\n').filter((line) => !read(file).includes(`${line}\n`));
      expect(added, file).to.deep.equal([]);
      expect(read(file)).to.equal(current);
    }
    const all = documents.map(read).join('');
    expect(found(all, /<!-- ([a-z]+) -->/g)).to.have.members(tableNames);
  });

  it('link to files and headings that are there', () => {
    for (const file of documents) {
      for (const link of found(read(file), /\]\((?!https?:)([^)]+)\)/g)) {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        expect(existsSync(target), `${file}: ${link}`).to.equal(true);
        if (anchor !== undefined) expect(anchorsOf(target), `${file}: ${link}`).to.include(anchor);
      }
    }
  });

  it('name commands that are there', () => {
    const { scripts } = JSON.parse(read('package.json')) as {
      scripts: Record<string, string>;
    };
    const command = /npm (?:run )?(start:production|start|test|(?<=run )[\w:-]+)/g;
    const named = documents.flatMap((file) => found(read(file), command));
    expect(named).to.include.members(['start', 'test', 'doorstep']);
    expect(Object.keys(scripts)).to.include.members(named);
    // systemd starts what npm would.
    expect(read('docs/operating.md')).to.contain(
      `\nExecStart=/usr/bin/${scripts['start:production']}\n`,
    );
  });

  it('begin with a README that is read in one go, and leads to every other', () => {
    const readme = read('README.md');
    expect(Buffer.byteLength(readme)).to.be.at.most(MOST_BYTES);
    for (const file of documents.slice(1)) expect(readme).to.contain(`](${file})`);
  });

  describe('the app that the README prints', () => {
    const [source = ''] = found(read('README.md'), /```js\n([^]*?)```/g);
    const secret = 'a-secret-of-the-readme-app-32-bytes';
    let house: House;
    let origin: string;
    const closing: (() => Promise<unknown>)[] = [];

    before(async () => {
      house = await openHouse({ policy: { twoSteps: 'when-asked' } });
      closing.push(() => house.close());
      const { PORT = '' } = await choosePorts([{ variable: 'PORT', usual: 4000 }], {}, () => null);
      origin = `http://127.0.0.1:${PORT}`;
      await register(`${origin}/callback`);
      const app = spawn(process.execPath, ['--input-type=module', '--eval', source], {
        env: { ISSUER: house.issuer, CLIENT_SECRET: secret, PORT },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(app, 'exit');
      closing.unshift(async () => {
        app.kill();
        await ended;
      });
      await Promise.race([once(app.stdout, 'data'), ended]);
    });
    after(async () => {
      for (const close of closing) await close();
    });

    it('signs a person in, and asks for the second step when it is needed', async () => {
      const ada = house.visitor('ada');
      let cookie = '';

      await ada.opens(await leads('/sign-in'));
      await ada.identifies();
      expect(await leads(ada.landed())).to.equal(`${origin}/`);
      expect(await reads('/'))
        .to.include('"name": "Ada Lovelace"')
        .and.include('acr:pwd"');

      await ada.opens(await leads('/transfer'));
      await ada.says({ code: ada.code() });
      expect(await leads(ada.landed())).to.equal(`${origin}/transfer`);
      expect(await reads('/transfer')).to.equal('<h1>Transfer money</h1>');

      await ada.opens(await leads('/sign-out', { method: 'POST' }));
      expect(ada.landed().href).to.equal(`${origin}/`);
      expect(await reads('/')).to.include('Sign in');

      async function visit(to: URL | string, init: RequestInit = {}): Promise<Response> {
        const headers = { cookie };
        const response = await fetch(new URL(to, origin), { ...init, redirect: 'manual', headers });
        const [given] = response.headers.getSetCookie();
        cookie = given?.split(';')[0] ?? cookie;
        return response;
      }

      async function leads(to: URL | string, init?: RequestInit): Promise<string> {
        const response = await visit(to, init);
        const { href } = new URL(response.headers.get('location') ?? '', origin);
        return response.status === 303 ? href : `status ${response.status}`;
      }

      async function reads(path: string): Promise<string> {
        return (await visit(path)).text();
      }
    });

    async function register(address: string): Promise<void> {
      const crypt = createCrypt(house.settings.secrets.encryptionKeys);
      const records = createOidcRecords(house.connection);
      await createClients({ records, crypt, clock: systemClock }).save({
        client_id: 'my-app',
        client_secret: secret,
        redirect_uris: [address],
        post_logout_redirect_uris: [new URL('/', address).href],
        first_party: true,
      });
    }
  });
});

/** As GitHub names headings. */
const anchorsOf = (file: string): string[] =>
  found(read(file), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(/\s/g, '-'),
  );
