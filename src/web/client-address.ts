/**
 * Whose request it is, for limits and for the audit: the last hop that is not one of our own
 * proxies. A header nobody trusted wrote counts for nothing, and what cannot be read ends in
 * the proxy's own address, never in an error (S-013, C-31).
 */
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** `trusted` holds addresses and networks such as `10.0.0.0/8`. */
export function createClientAddress(trusted: readonly string[]): (req: IncomingMessage) => string {
  const proxies = blockList(trusted);
  const isProxy = (address: string): boolean =>
    proxies.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

  return (req) => {
    const socket = plain(req.socket.remoteAddress ?? '');
    if (!isIP(socket) || !isProxy(socket)) return socket;

    const hops = String(req.headers['x-forwarded-for'] ?? '').split(',');
    const addresses = hops.map((hop) => plain(hop.trim()));
    const client = addresses.findLast((address) => !isIP(address) || !isProxy(address));
    return client !== undefined && isIP(client) ? client : socket;
  };
}

function blockList(trusted: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of trusted) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** IPv4 as a dual-stack socket reports it. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');
