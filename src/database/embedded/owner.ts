/**
 * The note beside the data that says where its owner can be reached. It is only a note: who owns
 * the data is decided by the lock on the database file, so one left behind by a killed process misleads nobody.
 */
import {
  lstatSync,
  mkdirSync,
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
  /** It ends soon by itself, as a command does: who can wait is better off without it. */
  readonly isBrief?: true;
}

const noteIn = (directory: string): string => join(directory, 'owner.json');

/** Drivers tell a socket from a host name by this ending. */
const socketName = 'database.sock';

/**
 * Where to listen: in a private folder, for whoever can open the socket can read everything; and at
 * the same place for whoever takes over, because drivers look for it there.
 */
export function chooseAddress(directory: string, before?: Owner['address']): ListenOptions {
  if (process.platform === 'win32') {
    return { host: '127.0.0.1', port: typeof before === 'number' ? before : 0 };
  }
  const folder = typeof before === 'string' ? dirname(before) : privateFolder(directory);
  if (folder !== directory) mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseOthers(folder);
  const path = join(folder, socketName);
  // A killed owner's: this one could not be bound while the old one is there.
  rmSync(path, { force: true });
  return { path };
}

/** The directory itself, or one in it where others may enter; elsewhere where paths are too long. */
function privateFolder(directory: string): string {
  const folders = [...(isPrivate(directory) ? [directory] : []), join(directory, 'socket')];
  const fits = (folder: string): boolean =>
    Buffer.byteLength(join(folder, socketName)) <= longestSocketPath;
  return folders.find(fits) ?? mkdtempSync(join(tmpdir(), 'embedded-'));
}

/** Somebody else may have made it: in a folder for all, or after it was taken away. */
function refuseOthers(folder: string): void {
  const made = lstatSync(folder);
  const isOurs = made.isDirectory() && made.uid === process.getuid?.() && (made.mode & 0o077) === 0;
  if (!isOurs) throw new Error(`${folder} is not private, so no database can be reached there`);
}

const isPrivate = (folder: string): boolean => (statSync(folder).mode & 0o077) === 0;

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

/**
 * Takes away the note and the socket, with the folder in the directory that was made for it. One
 * elsewhere stays: whoever takes over listens there, and nobody else may make it meanwhile.
 */
export function forgetOwner(directory: string, owner: Owner | undefined): void {
  rmSync(noteIn(directory), { force: true });
  if (typeof owner?.address !== 'string' || basename(owner.address) !== socketName) return;
  rmSync(owner.address, { force: true });
  const folder = dirname(owner.address);
  if (dirname(folder) === directory) removeFolder(folder);
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

export function uriOf({ address }: Pick<Owner, 'address'>): string {
  const host = typeof address === 'string' ? encodeURIComponent(address) : `127.0.0.1:${address}`;
  return `mongodb://${host}/?directConnection=true`;
}
