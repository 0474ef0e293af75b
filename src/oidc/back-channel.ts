/**
 * Tells apps that somebody signed out (OpenID Connect Back-Channel Logout 1.0). The library
 * signs and sends; that it happens is ours.
 *
 * Why so: the library sends while the person waits, once, and forgets what did not arrive. Here
 * a notice is stored before the session ends, sent at once and tried again by whichever process
 * sweeps next, so that neither a crash nor an app that hangs keeps anything or anyone.
 */
import type Provider from 'oidc-provider';
import type { Client } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import { isDiskFull } from '../lib/disk-full.ts';
import type { LogoutNotice, LogoutNotices } from '../models/logout-notice.ts';

export interface BackChannelDeps {
  readonly notices: LogoutNotices;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

export type BackChannel = ReturnType<typeof attachBackChannel>;

/** Longer than the library waits for an answer (2.5 s), so that nobody sends twice at once. */
const LEASE_SECONDS = 10;
const MOST_TRIES = 3;
const RETRY_SECONDS = [5, 30] as const;
/** Whoever was away for longer finds out when a token is refused. */
const KEPT_SECONDS = 24 * 60 * 60;
/** At once, in this process; the rest waits in the database. One app that hangs blocks no other. */
const MOST_SENDING = 100;
const MOST_SENDING_TO_ONE = 20;

/** A promise to tell one app, due now. */
export const noticeOf = ({ clientId, accountId, sid }: About, now: Date): LogoutNotice => ({
  ...{ _id: randomId(), clientId, accountId, sid, tries: 0, dueAt: now },
  expiresAt: secondsAfter(now, KEPT_SECONDS),
});

/** Takes the library's sending over; the returned sweep is for a timer. */
export function attachBackChannel(provider: Provider, { notices, clock, log }: BackChannelDeps) {
  const send = takeOver(provider, async (about) => {
    const notice = noticeOf(about, clock.now());
    await notices.add([notice]);
    attempt(notice).catch(() => undefined);
  });
  const sending = new Map<Promise<void>, string>();

  return {
    /** Sends what some process promised and did not send. */
    async sweep(): Promise<void> {
      const due = await notices.due(clock.now(), MOST_SENDING);
      await Promise.all(due.map(attempt));
    },

    /** For a stop: what has begun is finished. */
    async settled(): Promise<void> {
      await Promise.allSettled(sending.keys());
    },
  };

  /** Sends now if there is room. Rejects only for want of a disk, which stops them all. */
  async function attempt(notice: LogoutNotice): Promise<void> {
    const toOne = [...sending.values()].filter((clientId) => clientId === notice.clientId);
    if (sending.size >= MOST_SENDING || toOne.length >= MOST_SENDING_TO_ONE) return;
    const sent = deliver(notice).catch((error: unknown) => {
      if (isDiskFull(error)) throw error;
      log.warn({ client: notice.clientId, err: error }, 'logout-notice.failed');
    });
    sending.set(sent, notice.clientId);
    await sent.finally(() => sending.delete(sent));
  }

  async function deliver(notice: LogoutNotice): Promise<void> {
    const { _id, clientId, accountId, sid, tries } = notice;
    if (!(await notices.lease(notice, secondsAfter(clock.now(), LEASE_SECONDS)))) return;
    // Unknown and disabled apps are errors to the library; here they are reasons to forget.
    const client = await provider.Client.find(clientId).catch(() => undefined);
    const isWanted = client?.backchannelLogoutUri !== undefined && notice.expiresAt > clock.now();
    if (!isWanted || tries >= MOST_TRIES) return notices.drop(_id);
    try {
      await send(client, accountId, sid);
      await notices.drop(_id);
    } catch (error) {
      log.warn({ client: clientId, tries: tries + 1, err: error }, 'logout-notice.refused');
      const pause = RETRY_SECONDS[tries];
      await (pause === undefined
        ? notices.drop(_id)
        : notices.postpone(_id, secondsAfter(clock.now(), pause)));
    }
  }
}

type About = Pick<LogoutNotice, 'clientId' | 'accountId' | 'sid'>;
type Tell = (this: Client, accountId: string, sid: string) => Promise<unknown>;

/** Puts `promise` in the place of the library's sending, and returns the latter. */
function takeOver(provider: Provider, promise: (about: About) => Promise<void>) {
  // Every Provider makes its own Client class, so this changes no other; its types leave it out.
  const prototype = provider.Client.prototype as unknown as { backchannelLogout: Tell };
  const { backchannelLogout: send } = prototype;
  prototype.backchannelLogout = function (accountId, sid) {
    return promise({ clientId: this.clientId, accountId, sid });
  };
  return (client: Client, accountId: string, sid: string) => send.call(client, accountId, sid);
}
