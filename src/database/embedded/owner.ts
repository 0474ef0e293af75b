/**
 * The note beside the data that says where its owner can be reached. It is only a note: who owns
 * the data is decided by the lock on the database file, so one left behind by a killed process misleads nobody.
 */
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import type { ListenOptions } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** One byte less than the smallest field for it that a Unix has. */
const longestSocketPath = 103;

export interface Owner {
  readonly pid: number;
  /** A Unix socket's path; on systems without them, a port on the loopback interface. */
  readonly address: string | number;
}

const noteIn = (directory: string): string => join(directory, 'owner.json');

/** Drivers tell a socket from a host name by this ending. */
const socketName = 'database.sock';

/** Where to listen: in a private folder, for whoever can open the socket can read everything. */
export function chooseAddress(directory: string): ListenOptions {
  if (process.platform === 'win32') return { host: '127.0.0.1', port: 0 };
  const beside = join(directory, socketName);
  const isPrivate = (statSync(directory).mode & 0o077) === 0;
  if (isPrivate && Buffer.byteLength(beside) <= longestSocketPath) {
    // A killed owner's: this one could not be bound while the old one is there.
    rmSync(beside, { force: true });
    return { path: beside };
  }
  return { path: join(mkdtempSync(join(tmpdir(), 'embedded-')), socketName) };
}

export function writeOwner(directory: string, owner: Owner): void {
  // Renamed into place, so that nobody reads half of it.
  const draft = `${noteIn(directory)}.${owner.pid}`;
  try {
    writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
    renameSync(draft, noteIn(directory));
  } finally {
    rmSync(draft, { force: true });
  }
}

export function readOwner(directory: string): Owner | undefined {
  try {
    const note: unknown = JSON.parse(readFileSync(noteIn(directory), 'utf8'));
    return isOwner(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

function isOwner(note: unknown): note is Owner {
  if (typeof note !== 'object' || note === null) return false;
  const { pid, address } = note as Partial<Record<keyof Owner, unknown>>;
  return typeof pid === 'number' && (typeof address === 'string' || typeof address === 'number');
}

/** Takes away the note and the socket, with the folder that was made for it. */
export function forgetOwner(directory: string, owner: Owner | undefined): void {
  rmSync(noteIn(directory), { force: true });
  if (typeof owner?.address !== 'string' || basename(owner.address) !== socketName) return;
  rmSync(owner.address, { force: true });
  const folder = dirname(owner.address);
  if (folder !== directory && folder.startsWith(join(tmpdir(), 'embedded-'))) removeFolder(folder);
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Gone already, or not empty and so not ours.
  }
}

/** Whether somebody listens there. */
export async function answers({ address }: Owner): Promise<boolean> {
  const socket =
    typeof address === 'string' ? connect(address) : connect({ host: '127.0.0.1', port: address });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

export function uriOf({ address }: Owner): string {
  const host = typeof address === 'string' ? encodeURIComponent(address) : `127.0.0.1:${address}`;
  return `mongodb://${host}/?directConnection=true`;
}
