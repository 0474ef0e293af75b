/**
 * What a driver asks over HTTP, the same for all of them: within its time, of nobody but the
 * one it asks, and of the answer the status, or a little more.
 */
import { ChannelError } from './channel.ts';

type Asking = Omit<RequestInit, 'redirect' | 'signal'>;

interface Asked {
  readonly whom: string;
  readonly timeoutSeconds: number;
}

/** Resolves to the status, whatever it is; throws ChannelError when there was no answer. */
export const createAsk = (asked: Asked) =>
  createExchange(asked, async (response) => {
    // What else it says may be endless and may quote the message.
    await response.body?.cancel();
    return response.status;
  });

/** The same, with what is read from the answer. */
export function createExchange<T>(
  { whom, timeoutSeconds }: Asked,
  read: (response: Response) => Promise<T>,
) {
  return async function exchange(url: string, asking: Asking): Promise<T> {
    try {
      const response = await fetch(url, {
        ...asking,
        // A redirect would carry the message and the token to somebody we do not know.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      return await read(response);
    } catch (cause) {
      throw new ChannelError(`${whom} was not reached`, { isTemporary: true, cause });
    }
  };
}

/** What an answer begins with: nobody says anything in more, or it says it to fill our memory. */
export async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the rest.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

const MOST_BYTES = 65_536;

export const isTaken = (status: number): boolean => status >= 200 && status <= 299;

export const isTemporary = (status: number): boolean => status >= 500 || status === 429;

/** Who asks is not let in, or may not do this. */
export const isAccountRefused = (status: number): boolean => status === 401 || status === 403;

export const refusal = (whom: string, status: number): ChannelError =>
  new ChannelError(`${whom} answered ${status}`, { isTemporary: isTemporary(status) });

export interface Whom {
  readonly whom: string;
  /** What it answers of people who want nothing more from us, where they can tell it so. */
  readonly optedOut?: number;
}

/** The same of a carrier with which we have an account. */
export const carrierRefusal = ({ whom, optedOut }: Whom, status: number): ChannelError =>
  new ChannelError(`${whom} answered ${status}`, {
    isTemporary: isTemporary(status),
    isOptedOut: status === optedOut,
    isAccountRefused: isAccountRefused(status),
    code: String(status),
  });
