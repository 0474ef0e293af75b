/**
 * Tells apps that somebody signed out (OpenID Connect Back-Channel Logout 1.0). The library
 * signs and sends; that it happens is ours.
 *
 * Why so: the library sends while the person waits, once, and forgets what did not arrive. Here
 * a notice is stored before the session ends, sent at once and tried again by whichever process
 * sweeps next, so that neither a crash nor an app that hangs keeps anything or anyone.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

import type Provider from 'oidc-provider';
import { type Client, errors } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import { createLeasedQueue, type Outcome } from '../lib/leased-queue.ts';
import type { LogoutNotice, LogoutNotices } from '../models/logout-notice.ts';

export interface BackChannelDeps {
  readonly logoutNotices: LogoutNotices;
  readonly clock: Clock;
  readonly log: { warn(fields: object, event: string): void };
}

/** Whoever was away for longer finds out when a token is refused. */
const KEPT_SECONDS = 24 * 60 * 60;

/** A promise to tell one app, due now. */
export const noticeOf = ({ clientId, accountId, sid }: About, now: Date): LogoutNotice => ({
  ...{ _id: randomId(), clientId, accountId, sid, tries: 0, dueAt: now },
  expiresAt: secondsAfter(now, KEPT_SECONDS),
});

/** Takes the library's sending over; the returned sweep is for a timer. */
export function attachBackChannel(
  provider: Provider,
  { logoutNotices, clock, log }: BackChannelDeps,
) {
  const tell = takeOver(provider, async (about) => {
    const notice = noticeOf(about, clock.now());
    await logoutNotices.add([notice]);
    queue.offer(notice);
  });
  const queue = createLeasedQueue({
    store: logoutNotices,
    send,
    // Longer than the library waits for an answer (2.5 s).
    leaseSeconds: 10,
    retrySeconds: [5, 30],
    atOnce: 100,
    toOne: { most: 20, of: ({ clientId }) => clientId },
    clock,
    failed: ({ clientId }, err) => log.warn({ client: clientId, err }, 'logout-notice.failed'),
  });

  return queue;

  async function send(notice: LogoutNotice): Promise<Outcome> {
    const { clientId, tries } = notice;
    const client = await provider.Client.find(clientId).catch(forgotten);
    if (client?.backchannelLogoutUri === undefined) return 'unwanted';
    try {
      await tell(client, notice);
      return 'sent';
    } catch (err) {
      log.warn({ client: clientId, tries, err }, 'logout-notice.refused');
      return 'busy';
    }
  }
}

/** An app that is no good any more is an error to the library; here it is a reason to forget. */
function forgotten(error: unknown): undefined {
  if (!(error instanceof errors.OIDCProviderError)) throw error;
}

type About = Pick<LogoutNotice, 'clientId' | 'accountId' | 'sid'>;
type Tell = (this: Client, accountId: string, sid: string) => Promise<unknown>;
type Token = InstanceType<Provider['IdToken']>;
type Issue = (this: Token, wanted: Parameters<Token['issue']>[0]) => Promise<string>;

/** Puts `promise` in the place of the library's sending, and returns the latter. */
function takeOver(provider: Provider, promise: (about: About) => Promise<void>) {
  // Every Provider makes classes of its own, so this changes no other; its types leave it out.
  const prototype = provider.Client.prototype as unknown as { backchannelLogout: Tell };
  const { backchannelLogout: send } = prototype;
  prototype.backchannelLogout = function (accountId, sid) {
    return promise({ clientId: this.clientId, accountId, sid });
  };
  const issuing = namedBy(provider.IdToken.prototype);
  return (client: Client, { _id, accountId, sid }: LogoutNotice) =>
    issuing.run(_id, () => send.call(client, accountId, sid));
}

/**
 * The library makes a new `jti` each time it sends. The notice's id is set in its place, so that
 * an app that was told, and whose answer was lost, can know the notice again.
 */
function namedBy(prototype: { issue: Issue }): AsyncLocalStorage<string> {
  const ids = new AsyncLocalStorage<string>();
  const { issue } = prototype;
  prototype.issue = function (wanted) {
    const id = ids.getStore();
    if (id !== undefined && wanted.use === 'logout') this.set('jti', id);
    return issue.call(this, wanted);
  };
  return ids;
}
