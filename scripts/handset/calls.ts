/**
 * The telephone network of the demo: a phone rings for each call that Doorstep places, and
 * Doorstep hears which keys were pressed, or how the call ended, signed as a provider would. The
 * file remembers what became of a call; its line is gone with this process.
 */
import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { signWebhook } from '../../src/channels/standard-webhooks.ts';
import type { Call, KeptCall, Store } from './store.ts';

const RINGS_MS = 30_000;
const PATIENCE_MS = 5_000;

const Spoken = z.object({ text: z.string(), language: z.string() });

export type Spoken = z.infer<typeof Spoken>;
export type Calls = ReturnType<typeof createCalls>;

interface Line {
  readonly text: string;
  readonly language: string;
  /** Absent where nobody waits for keys. */
  readonly answerAt?: string;
  readonly ringsUntil: number;
  readonly isAnswered: boolean;
}

export interface CallsDeps {
  readonly store: Store;
  /** Who alone is told of calls. */
  readonly issuer: string;
  /** What Doorstep knows this network by. */
  readonly secret: string;
  readonly now?: () => Date;
}

export function createCalls({ store, issuer, secret, now = () => new Date() }: CallsDeps) {
  const lines = new Map<string, Line>();

  return {
    /** Newest first; a call without a line is over. */
    all: (): readonly (KeptCall & { readonly isOpen: boolean })[] =>
      store.all().calls.map((call) => ({ ...call, isOpen: lines.has(call.id) })),

    /** False where it would have to be told of elsewhere than at Doorstep's. */
    ring({ messageId: id, to, ...call }: Call): boolean {
      if (call.answerAt !== undefined && !isOurs(call.answerAt)) return false;
      const ringsUntil = now().getTime() + RINGS_MS;
      if (store.addCall({ id, to }, now()))
        lines.set(id, { ...call, ringsUntil, isAnswered: false });
      return true;
    },

    /** What is said to whoever answers; undefined where it rings no more. */
    answer(id: string): (Spoken & { readonly hearsKeys: boolean }) | undefined {
      const line = lines.get(id);
      if (!line || line.isAnswered) return undefined;
      lines.set(id, { ...line, isAnswered: true });
      store.changeCall(id, 'answered');
      const { text, language, answerAt } = line;
      return { text, language, hearsKeys: answerAt !== undefined };
    },

    /** What is said to these keys, after which the call is over. */
    async press(id: string, keys: string): Promise<Spoken | undefined> {
      if (!lines.get(id)?.isAnswered) return undefined;
      return tell(taken(id), { keys });
    },

    /** Declines it while it rings, and hangs up later. */
    async end(id: string): Promise<void> {
      const line = taken(id);
      if (!line) return;
      if (!line.isAnswered) store.changeCall(id, 'declined');
      await tell(line, { ended: line.isAnswered ? 'hung-up' : 'busy' });
    },

    /** Nobody answers for ever: to be asked now and then. */
    async ringOut(): Promise<void> {
      const late = [...lines].filter(
        ([, { isAnswered, ringsUntil }]) => !isAnswered && ringsUntil <= now().getTime(),
      );
      await Promise.all(late.map(([id]) => tell(taken(id), { ended: 'unanswered' })));
    },
  };

  /** A line is told of once, however often somebody clicks. */
  function taken(id: string): Line | undefined {
    const line = lines.get(id);
    lines.delete(id);
    return line;
  }

  function isOurs(address: string): boolean {
    return URL.canParse(address) && new URL(address).origin === new URL(issuer).origin;
  }

  /** Doorstep may be away, or be told too late: then nothing is said. */
  async function tell(line: Line | undefined, said: object): Promise<Spoken | undefined> {
    const answerAt = line?.answerAt;
    if (answerAt === undefined) return undefined;
    const body = JSON.stringify({ answerAt, ...said });
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const asked = { method: 'POST', headers: headersFor(body), body, signal } as const;
    try {
      const answer = await fetch(answerAt, { ...asked, redirect: 'error' });
      return Spoken.safeParse(await answer.json()).data;
    } catch {
      return undefined;
    }
  }

  function headersFor(body: string): Record<string, string> {
    const id = `msg_${randomUUID()}`;
    const timestamp = String(Math.floor(now().getTime() / 1000));
    return {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': signWebhook({ id, timestamp, body }, secret),
    };
  }
}
