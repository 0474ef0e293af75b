/**
 * The part of an address that one customer of a provider holds, in one spelling: limits that
 * counted whole IPv6 addresses would let everybody begin anew 2⁶⁴ times.
 */
import { isIPv6 } from 'node:net';

const GROUPS = 8;
const NETWORK_GROUPS = 4;

/** IPv4 addresses whole, IPv6 addresses by their first 64 bits. */
export const networkOf = (address: string): string =>
  isIPv6(address) ? `${groupsOf(address).slice(0, NETWORK_GROUPS).join(':')}::/64` : address;

function groupsOf(address: string): string[] {
  // URL writes an address in its canonical form, with an embedded IPv4 as two groups.
  const { hostname } = new URL(`http://[${address.replace(/%.*$/, '')}]`);
  const [head = [], tail = []] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').filter(Boolean));
  const missing = hostname.includes('::') ? GROUPS - head.length - tail.length : 0;
  return [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
}
