/**
 * How the library calls apps. It refuses private addresses, because an address that an app
 * registered must not make us knock at our own doors; hosts in a company's network are named.
 */
import type { Configuration } from 'oidc-provider';

type Fetch = NonNullable<Configuration['fetch']>;

/** `privateHosts` are names or addresses as they stand in a URL, without a port. */
export function createOutgoing(privateHosts: readonly string[]): Fetch {
  const hosts = new Set(privateHosts.map((host) => host.toLowerCase()));

  return async (input, init) => {
    const { hostname } = new URL(input instanceof Request ? input.url : input);
    const guarded = hosts.has(bare(hostname)) ? unguarded(init) : init;
    // A redirect would lead out of what was registered, or named.
    const response = await fetch(input, { ...guarded, redirect: 'manual' });
    if (init?.method !== 'POST') return response;
    // Of an app that was told something only the status counts; what else it says may be endless.
    await response.body?.cancel();
    return new Response(undefined, { status: response.status });
  };
}

/** The guard is a dispatcher that looks at where a connection really went. */
function unguarded(init: RequestInit = {}): RequestInit {
  const { dispatcher: _, ...rest } = init as RequestInit & { dispatcher?: unknown };
  return rest;
}

/** IPv6 addresses stand in brackets in a URL. */
const bare = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');
