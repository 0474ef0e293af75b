/**
 * Fetches what the engine needs and is not there yet: a folder with a small Debian that holds
 * PostgreSQL and DocumentDB, and FerretDB, built by Go. Both are kept, so it is slow only once.
 */
import { join } from 'node:path';

import { once, run } from '../fetched-programs.ts';

export interface Installed {
  /** The root folder of a Debian. */
  readonly debian: string;
  readonly ferretdb: string;
}

const FERRETDB = 'v2.7.0';
const PACKAGES = ['postgresql-18', 'postgresql-18-documentdb'];
const RELEASE = 'forky';

interface Wish {
  /** The folder that keeps it. */
  readonly cache: string;
  readonly tell: (what: string) => void;
  readonly signal: AbortSignal;
}

/** Throws when something cannot be had. */
export async function install({ cache, tell, signal }: Wish): Promise<Installed> {
  if (process.getuid?.() !== 0) throw new Error('it takes root to run it');
  const [debian, folder] = await Promise.all([
    once(join(cache, `debian-${RELEASE}`), async (target) => {
      tell(`fetching ${PACKAGES.join(', ')} (700 MB, a minute)`);
      await fetchDebian(target, signal);
    }),
    once(join(cache, `ferretdb-${FERRETDB}`), async (target) => {
      tell(`building FerretDB ${FERRETDB} (two minutes)`);
      const command = `github.com/FerretDB/FerretDB/v2/cmd/ferretdb@${FERRETDB}`;
      await run('go', ['install', command], { signal, env: { GOBIN: target } });
    }),
  ]);
  return { debian, ferretdb: join(folder, 'ferretdb') };
}

async function fetchDebian(target: string, signal: AbortSignal): Promise<void> {
  await run('apt-get', ['update'], { signal });
  await run('apt-get', ['install', '--yes', '--no-install-recommends', 'mmdebstrap'], { signal });
  const options = [
    '--variant=minbase',
    `--include=${PACKAGES.join(',')}`,
    // Package lists of a mirror may be older than their own best-before date.
    '--aptopt=Acquire::Check-Valid-Until "false"',
    '--aptopt=APT::Install-Recommends "false"',
  ];
  await run('mmdebstrap', [...options, RELEASE, target, await mirror()], { signal });
}

/** The one that this machine itself is kept up to date from. */
async function mirror(): Promise<string> {
  const of = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  const sources = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...of]);
  const [first] = sources.split('\n');
  if (!first) throw new Error('apt knows no mirror of Debian');
  return first;
}
