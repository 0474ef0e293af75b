/**
 * Fetches the clients that are no packages of npm, and what they run on: Apache with
 * mod_auth_openidc, and the proxies Caddy, HAProxy and nginx from Debian, oauth2-proxy built by
 * Go, Authlib and soft-webauthn for Python. Nothing of it is installed on this machine, so no service of the system
 * starts.
 */
import { globSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { once, run, type Terms, usualCache } from '../fetched-programs.ts';

export interface Clients {
  readonly apache: Debian;
  readonly caddy: Debian;
  readonly haproxy: Debian;
  readonly nginx: Debian;
  readonly oauth2Proxy: Program;
  readonly authlib: Program;
  readonly softWebauthn: Program;
}

export interface Program {
  /** How it is run; arguments follow. */
  readonly command: readonly string[];
  readonly version: string;
}

export interface Debian extends Program {
  /** The folder that its packages were unpacked into. */
  readonly root: string;
}

const PACKAGES = ['apache2-bin', 'libapache2-mod-auth-openidc', 'caddy', 'haproxy', 'nginx'];
const OAUTH2_PROXY = '7.15.6';
const AUTHLIB = '1.9.10';
const SOFT_WEBAUTHN = '0.1.4';
const AROUND_SOFT_WEBAUTHN = ['fido2==1.2.0', 'cryptography==44.0.3'];
const AROUND_AUTHLIB = ['flask==3.1.3', 'requests==2.34.2'];

export interface Wish {
  /** The folder that keeps them. */
  readonly cache?: string;
  readonly tell?: (what: string) => void;
  readonly signal?: AbortSignal;
}

/** Throws when something cannot be had. */
export async function install({ cache = usualCache, tell, signal }: Wish = {}): Promise<Clients> {
  const terms = signal ? { signal } : {};
  const [debian, proxy, python, keys] = await Promise.all([
    once(join(cache, `debian-${PACKAGES.join('-')}`), async (target) => {
      tell?.(`fetching ${PACKAGES.join(', ')} (60 MB)`);
      await unpackDebian(target, signal);
    }),
    once(join(cache, `oauth2-proxy-${OAUTH2_PROXY}`), async (target) => {
      tell?.(`building oauth2-proxy ${OAUTH2_PROXY} (two minutes)`);
      const module = `github.com/oauth2-proxy/oauth2-proxy/v7@v${OAUTH2_PROXY}`;
      await run('go', ['install', module], { ...terms, env: { GOBIN: target } });
    }),
    once(join(cache, `authlib-${AUTHLIB}`), async (target) => {
      tell?.(`fetching Authlib ${AUTHLIB}`);
      await installPython(target, [`authlib==${AUTHLIB}`, ...AROUND_AUTHLIB], terms);
    }),
    once(join(cache, `soft-webauthn-${SOFT_WEBAUTHN}`), async (target) => {
      tell?.(`fetching soft-webauthn ${SOFT_WEBAUTHN}`);
      const wanted = [`soft-webauthn==${SOFT_WEBAUTHN}`, ...AROUND_SOFT_WEBAUTHN];
      await installPython(target, wanted, terms);
    }),
  ]);
  return {
    apache: await programIn(debian, { path: 'usr/sbin/apache2', named: PACKAGES[1] }),
    caddy: await programIn(debian, { path: 'usr/bin/caddy', named: 'caddy' }),
    haproxy: await programIn(debian, { path: 'usr/sbin/haproxy', named: 'haproxy' }),
    nginx: await programIn(debian, { path: 'usr/sbin/nginx', named: 'nginx' }),
    oauth2Proxy: { command: [join(proxy, 'oauth2-proxy')], version: OAUTH2_PROXY },
    authlib: { command: [join(python, 'bin/python')], version: AUTHLIB },
    softWebauthn: { command: [join(keys, 'bin/python')], version: SOFT_WEBAUTHN },
  };
}

/** Into an environment of its own. */
async function installPython(target: string, wanted: readonly string[], terms: Terms) {
  await run('python3', ['-m', 'venv', target], terms);
  await run(join(target, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...wanted], terms);
}

/** Everything that the packages need, down to the C library, as if nothing were there. */
async function unpackDebian(target: string, signal?: AbortSignal): Promise<void> {
  const terms = signal ? { signal } : {};
  const archives = join(target, 'archives');
  const nothing = join(target, 'nothing-installed');
  await mkdir(join(archives, 'partial'), { recursive: true });
  await writeFile(nothing, '');
  await run('apt-get', ['update'], terms);
  const options = [
    ...['install', '--yes', '--download-only', '--no-install-recommends'],
    ...['-o', `Dir::State::status=${nothing}`, '-o', `Dir::Cache::archives=${archives}`],
  ];
  await run('apt-get', [...options, ...PACKAGES], terms);
  const files = (await readdir(archives)).filter((name) => name.endsWith('.deb'));
  for (const file of files) await run('dpkg-deb', ['-x', join(archives, file), target], terms);
  await writeFile(join(target, VERSIONS), files.map((file) => `${file}\n`).join(''));
  await rm(archives, { recursive: true });
}

/** Names of packages, as in nginx_1.22.1-9_amd64.deb. */
const VERSIONS = 'packages';

/** Run by its own loader with its own libraries, whatever this machine has. */
async function programIn(
  root: string,
  { path, named = '' }: { readonly path: string; readonly named?: string | undefined },
): Promise<Debian> {
  const packages = await readFile(join(root, VERSIONS), 'utf8');
  const [, version = '?'] = new RegExp(`^${named}_([^_]+)_`, 'm').exec(packages) ?? [];
  const [loader] = globSync('{lib*,usr/lib*,usr/lib/*}/ld-linux-*.so.*', { cwd: root });
  if (loader === undefined) throw new Error(`no loader in ${root}`);
  const libraries = globSync('{lib,usr/lib}/*-linux-gnu*', { cwd: root });
  return {
    root,
    version,
    command: [
      join(root, loader),
      '--library-path',
      libraries.map((folder) => join(root, folder)).join(':'),
      join(root, path),
    ],
  };
}
