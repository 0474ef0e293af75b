/**
 * What a driver asks over HTTP, the same for all of them: within its time, of nobody but the
 * one it asks, and of the answer nothing but the status.
 */
import { ChannelError } from './channel.ts';

type Asking = Omit<RequestInit, 'redirect' | 'signal'>;

/** Resolves to the status, whatever it is; throws ChannelError when there was no answer. */
export function createAsk({ whom, timeoutSeconds }: { whom: string; timeoutSeconds: number }) {
  return async function ask(url: string, asking: Asking): Promise<number> {
    try {
      const response = await fetch(url, {
        ...asking,
        // A redirect would carry the message and the token to somebody we do not know.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutSeconds * 1000),
      });
      // What else it says may be endless and may quote the message.
      await response.body?.cancel();
      return response.status;
    } catch (cause) {
      throw new ChannelError(`${whom} was not reached`, { isTemporary: true, cause });
    }
  };
}

export const isTaken = (status: number): boolean => status >= 200 && status <= 299;

export const refusal = (whom: string, status: number): ChannelError =>
  new ChannelError(`${whom} answered ${status}`, { isTemporary: status >= 500 || status === 429 });
