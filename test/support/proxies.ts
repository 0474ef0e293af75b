/**
 * Proxies as somebody sets them up who follows docs/operating.md: each runs the very lines that
 * are printed there, with other addresses filled in. A line that is no longer there is a fault.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { install, type Program } from '../../scripts/clients/install.ts';
import { type Open, openProgram } from './clients.ts';

/** In the snippets. */
const OUR_PORTS = ['10.0.0.11:3000', '10.0.0.12:3000'];
const PROXY_ADDRESS = '10.0.0.7';

interface Proxy {
  readonly program: Program;
  /** Without looking at /readyz it learns of a stop by the closed door, which a POST may hit. */
  readonly isProbing: boolean;
  /** What the snippet says of the door that people come to, and how it is said of loopback. */
  readonly door: readonly [printed: string, onLoopback: (port: number) => string];
  /** What a machine has around the snippet. */
  readonly around?: (snippet: string, directory: string) => string;
  readonly options: (file: string) => readonly string[];
}

const { caddy, haproxy, nginx } = await install();

export const proxies = {
  nginx: {
    program: nginx,
    isProbing: false,
    door: ['listen 443 ssl;', (port) => `listen 127.0.0.1:${port};`],
    around: (snippet, directory) => `
      daemon off;
      master_process off;
      pid ${directory}/nginx.pid;
      events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${directory}/${name};`).join(' ')}
        ${snippet}
      }`,
    options: (file) => ['-c', file, '-e', 'stderr'],
  },
  caddy: {
    program: caddy,
    isProbing: true,
    door: ['id.example.org {', (port) => `http://localhost:${port} {`],
    around: (snippet) => `{\n  admin off\n  default_bind 127.0.0.1\n}\n${snippet}`,
    options: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
  haproxy: {
    program: haproxy,
    isProbing: true,
    door: ['bind :443 ssl crt /etc/haproxy/id.example.org.pem', (port) => `bind 127.0.0.1:${port}`],
    options: (file) => ['-db', '-f', file],
  },
} as const satisfies Record<string, Proxy>;

export type ProxyName = keyof typeof proxies;

interface Place {
  /** Where it keeps its own. */
  readonly directory: string;
  readonly port: number;
  /** Where we listen. */
  readonly ports: readonly number[];
}

export async function openProxy(name: ProxyName, place: Place): Promise<Open> {
  const { program, door, options, around = unchanged }: Proxy = proxies[name];
  const { directory, port, ports } = place;
  const [printed, onLoopback] = door;
  const snippet = filledIn(await printedSnippet(name), [
    [printed, onLoopback(port)],
    ...OUR_PORTS.map((ours, at) => [ours, `127.0.0.1:${ports[at]}`] as const),
  ]);
  const file = join(directory, `${name}.conf`);
  await writeFile(file, around(snippet, directory));
  return openProgram({
    command: [...program.command, ...options(file)],
    environment: { XDG_CONFIG_HOME: directory, XDG_DATA_HOME: directory },
    readyAt: `http://127.0.0.1:${port}/readyz`,
  });
}

/** What Doorstep is told in turn, as a file of settings. */
export const settingsBehind = async (): Promise<string> =>
  filledIn(await printedSnippet('yaml'), [[PROXY_ADDRESS, '127.0.0.1']]);

const unchanged = (snippet: string): string => snippet;

async function printedSnippet(language: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, '../../docs/operating.md'), 'utf8');
  const [, section = ''] = text.split('\n## Proxies\n');
  const [, snippet] = new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\``, 'm').exec(section) ?? [];
  if (snippet === undefined) throw new Error(`docs/operating.md prints no ${language}`);
  return snippet;
}

type Filling = readonly (readonly [printed: string, ours: string])[];

function filledIn(snippet: string, all: Filling): string {
  return all.reduce((text, [printed, ours]) => {
    if (!text.includes(printed)) throw new Error(`docs/operating.md no longer says ${printed}`);
    return text.replaceAll(printed, ours);
  }, snippet);
}
