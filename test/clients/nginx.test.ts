/**
 * nginx in front of two processes of the product, as somebody installs it: people, apps and
 * policy come by the command line, and requests go to the two in turn. The app is openid-client.
 */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { hash } from '@node-rs/argon2';
import { expect } from 'chai';
import * as client from 'openid-client';

import { install } from '../../scripts/clients/install.ts';
import {
  type Customer,
  freePort,
  MFA,
  type Open,
  openBeside,
  openProgram,
} from '../support/clients.ts';
import { ownDirectory } from '../support/own-directory.ts';
import { people } from '../support/people.ts';
import { createShop } from '../support/shop.ts';

const { nginx } = await install();
const root = join(import.meta.dirname, '../..');

describe(`nginx ${nginx.version}`, () => {
  const desk = openBeside(openTwo, async ({ shop }) => ({
    origin: new URL(shop.redirectUri).origin,
    close: async () => undefined,
  }));

  /** The shop's tokens, and what had to be proved for them. */
  async function signsIn({ page, answersAll }: Customer, wish = {}) {
    await page.goto((await desk.house.shop.signIn(wish)).href);
    const proved = await answersAll();
    return { proved, tokens: await desk.house.shop.welcome(new URL(page.url())) };
  }

  it('signs in with a second step', async () => {
    const { proved, tokens } = await signsIn(await desk.ada(), { acr_values: MFA });
    expect(proved).to.deep.equal(['password', 'code']);
    expect(tokens.claims()).to.include({ acr: MFA });
  });

  it('steps up, refreshes (5 at once), signs out', async () => {
    const ada = await desk.ada();
    expect((await signsIn(ada)).proved).to.deep.equal(['password']);
    const { proved, tokens } = await signsIn(ada, { acr_values: MFA });
    expect(proved).to.deep.equal(['code']);

    const config = await desk.house.shop.configuration();
    const { refresh_token: token = '', id_token = '' } = tokens;
    const refreshed = await Promise.all(
      Array.from({ length: 5 }, () => client.refreshTokenGrant(config, token)),
    );
    expect(new Set(refreshed.map(({ refresh_token }) => refresh_token)).size).to.equal(1);

    const post_logout_redirect_uri = 'http://127.0.0.1:4999/shop/bye';
    const wish = { id_token_hint: id_token, post_logout_redirect_uri };
    await ada.page.goto(client.buildEndSessionUrl(config, wish).href);
    await ada.answersAll();
    expect(ada.page.url()).to.equal(post_logout_redirect_uri);
    expect((await signsIn(ada)).proved).to.deep.equal(['password']);
  });

  it('brought requests to both', async () => {
    const log = await readFile(desk.house.accessLog, 'utf8');
    expect(new Set(log.match(/(?<=upstream=)[\d.:]+/g))).to.have.property('size', 2);
    expect(log).not.to.match(/status=5/);
  });
});

/** Both, and nginx before them; whoever opened it closes it. */
async function openTwo() {
  const directory = await ownDirectory();
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const environment = {
    NODE_ENV: 'test',
    ISSUER: issuer,
    DATA_DIRECTORY: directory,
    TRUSTED_PROXIES: '127.0.0.1',
  };
  const secret = await moveIn(directory, environment);
  const ports = [await freePort(), await freePort()];
  // One after the other: the first owns the database, the second finds it.
  const opened: Open[] = [];
  for (const each of ports) opened.push(await openProcess(each, environment));
  const accessLog = join(directory, 'access.log');
  opened.push(await openNginx(directory, { port, ports, accessLog }));
  return {
    issuer,
    accessLog,
    shop: createShop(issuer, 'shop', secret),
    async close() {
      for (const each of opened.reverse()) await each.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** By the command line; returns the secret of the shop. */
async function moveIn(directory: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const says = async (...words: string[]): Promise<string> => {
    const options = { cwd: root, env: { ...process.env, ...environment } };
    const command = ['scripts/doorstep.ts', ...words];
    return (await promisify(execFile)(process.execPath, command, options)).stdout;
  };
  const { username, name, email, password, seed } = people.ada;
  const totp = [{ secret: seed }];
  const ada = { username, name, email, passwordHash: await hash(password), totp };
  await writeFile(join(directory, 'people.jsonl'), `${JSON.stringify(ada)}\n`);
  await says('accounts', 'import', join(directory, 'people.jsonl'));
  await says('policy', 'set', 'twoSteps', 'when-asked', '--reason', 'a test of clients');
  const shop = 'http://127.0.0.1:4999/shop';
  const addresses = ['--redirect-uri', `${shop}/back`, '--sign-out-uri', `${shop}/bye`];
  const said = await says('clients', 'create', 'shop', '--first-party', ...addresses);
  return /shown this once\): (\S+)/.exec(said)?.[1] ?? '';
}

const openProcess = (port: number, environment: Readonly<Record<string, string>>) =>
  openProgram({
    command: [process.execPath, join(root, 'src/main.ts')],
    environment: { ...environment, HOSTS: '127.0.0.1', PORT: String(port) },
    readyAt: `http://127.0.0.1:${port}/readyz`,
  });

interface Front {
  readonly port: number;
  readonly ports: readonly number[];
  readonly accessLog: string;
}

async function openNginx(directory: string, { port, ports, accessLog }: Front) {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const configuration = `
daemon off;
master_process off;
pid ${directory}/nginx.pid;
error_log stderr;
events {}
http {
  ${folders.map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
  log_format who 'status=$status upstream=$upstream_addr';
  access_log ${accessLog} who;
  upstream doorstep {
    ${ports.map((each) => `server 127.0.0.1:${each};`).join(' ')}
    keepalive 8;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://doorstep;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }
  }
}
`;
  const file = join(directory, 'nginx.conf');
  await writeFile(file, configuration);
  return openProgram({
    command: [...nginx.command, '-c', file, '-e', 'stderr'],
    readyAt: `http://127.0.0.1:${port}/readyz`,
  });
}
