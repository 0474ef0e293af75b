/**
 * Free ports on this machine. A port that somebody asked for by name is taken or refused;
 * of those that nobody asked for, the next free one will do.
 */
import { createServer } from 'node:net';

const TRIES = 50;

export interface WantedPort {
  /** The variable that names it. */
  readonly variable: string;
  readonly usual: number;
}

/** `tell` hears of every port that is not the usual one. Throws when a named port is taken. */
export async function choosePorts(
  wanted: readonly WantedPort[],
  environment: Readonly<Record<string, string | undefined>>,
  tell: (message: string) => void,
): Promise<Record<string, string>> {
  const chosen: Record<string, string> = {};
  for (const { variable, usual } of wanted) {
    const named = environment[variable];
    const isOpen = async (port: number): Promise<boolean> =>
      !Object.values(chosen).includes(String(port)) && (await isFree(port));
    if (named !== undefined && !(await isOpen(Number(named)))) {
      throw new Error(`Port ${named} is taken; choose another one with ${variable}.`);
    }
    const port = named ?? String(await firstOpen(usual, isOpen));
    if (named === undefined && port !== String(usual)) {
      tell(`Port ${usual} is taken, so ${port} it is (choose one with ${variable}).`);
    }
    chosen[variable] = port;
  }
  return chosen;
}

async function firstOpen(
  from: number,
  isOpen: (port: number) => Promise<boolean>,
): Promise<number> {
  for (let port = from; port < from + TRIES; port++) {
    if (await isOpen(port)) return port;
  }
  throw new Error(`No port from ${from} to ${from + TRIES - 1} is free.`);
}

/** `localhost` may mean either address, so a port is free only if both have it. */
async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, '::1'));
}

async function canListen(port: number, host: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'EADDRINUSE'));
  server.listen(port, host, () => server.close(() => resolve(true)));
  return promise;
}
