/**
 * Whose request it is, for limits and for the audit: the last hop that is not one of our own
 * proxies. A header nobody trusted wrote counts for nothing, and what cannot be read ends in
 * the proxy's own address, never in an error. One header is believed: a proxy that
 * writes the other passes a client's own on.
 */
import type { IncomingMessage } from 'node:http';

import { isIn, normalAddress } from '../lib/network.ts';

export type ProxyHeader = 'x-forwarded-for' | 'forwarded';

export interface ClientAddressDeps {
  /** Addresses and networks such as `10.0.0.0/8`. */
  readonly trustedProxies: readonly string[];
  readonly proxyHeader: ProxyHeader;
  readonly log: { warn(fields: object, event: string): void };
}

export function createClientAddress({ trustedProxies, proxyHeader, log }: ClientAddressDeps) {
  const isProxy = isIn(trustedProxies);
  let isWarned = false;

  return (req: IncomingMessage): string => {
    const { remoteAddress = '' } = req.socket;
    const socket = normalAddress(remoteAddress) ?? remoteAddress;
    if (!isProxy(socket)) return socket;

    const header = String(req.headers[proxyHeader] ?? '');
    const hops = hopsIn[proxyHeader](header).map((hop) => addressIn(hop) ?? hop);
    const client = hops.findLast((hop) => !isProxy(hop));
    if (client === undefined) return socket;
    return normalAddress(client) ?? unreadable(client, socket);
  };

  /** Everybody behind that proxy shares its limits then, which its operator should know. */
  function unreadable(hop: string, socket: string): string {
    if (!isWarned)
      log.warn({ proxy: socket, header: proxyHeader, hop: hop.slice(0, 100) }, 'proxy.unreadable');
    isWarned = true;
    return socket;
  }
}

const hopsIn: Readonly<Record<ProxyHeader, (header: string) => string[]>> = {
  'x-forwarded-for': (header) => (header.trim() === '' ? [] : header.split(',')),
  // RFC 7239 §4: elements with commas between, each of pairs with semicolons between.
  forwarded: (header) =>
    header.split(',').flatMap((element) => {
      const pair = element.split(';').find((one) => /^\s*for\s*=/i.test(one));
      return pair === undefined ? [] : [pair.replace(/^\s*for\s*=/i, '')];
    }),
};

/** `192.0.2.8`, `192.0.2.8:51234`, `2001:db8::7`, `[2001:db8::7]:443`, any of them quoted. */
function addressIn(hop: string): string | undefined {
  const text = hop.trim().replace(/^"(.*)"$/, '$1');
  const [, bracketed] = /^\[([^\]]+)\](?::\w+)?$/.exec(text) ?? [];
  const [, beforePort] = /^([^:]+):\w+$/.exec(text) ?? [];
  return normalAddress(bracketed ?? beforePort ?? text);
}
