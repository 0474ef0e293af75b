/**
 * Who is asking, from where, and whether they are signed in: read from a request.
 */
import { createBrowsers } from './flow/browser.ts';
import { createRequestContexts } from './flow/request-context.ts';
import { createBrowserSessions } from './oidc/browser-session.ts';
import type { Sessions } from './oidc/session.ts';
import type { AppDeps, Rooms } from './services.ts';
import { createClientAddress } from './web/client-address.ts';

export function createVisits(
  { settings, clock, log }: Pick<AppDeps, 'settings' | 'clock' | 'log'>,
  rooms: Rooms,
  sessions: Sessions,
) {
  const { crypt, languages } = rooms;
  const { issuer, limits } = settings;
  const browsers = createBrowsers({ crypt, isSecure: issuer.startsWith('https:') });
  const visitOf = createRequestContexts({
    ...{ browsers, crypt, languages },
    networks: limits.networks,
    addressOf: createClientAddress({ ...settings.server, log }),
    sessionOf: createBrowserSessions({ ...rooms, issuer, sessions, clock }),
  });
  return { browsers, visitOf };
}
