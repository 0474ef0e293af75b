/**
 * IP addresses in one spelling, and the part of one that a single customer of a provider holds:
 * limits that counted whole IPv6 addresses would let everybody begin anew 2⁶⁴ times.
 */
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const NETWORK_GROUPS = 4;

/** Undefined for what is none. An IPv4-mapped address, in any spelling, is the IPv4 address. */
function read(text: string): Address | undefined {
  // Of IPv4, only the usual four numbers: 0x7f.1 is read by some and by others not.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // As URL writes it, in hexadecimal groups: the library takes ::192.0.2.1 for a mapped address.
  const withoutZone = text.replace(/%.*$/, '');
  if (!/^[\da-f:.]+$/i.test(withoutZone)) return undefined;
  const { hostname = '' } = URL.parse(`http://[${withoutZone}]`) ?? {};
  const groups = hostname.slice(1, -1);
  if (!ipaddr.IPv6.isValid(groups)) return undefined;
  const address = ipaddr.IPv6.parse(groups);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** In lower case, compressed (RFC 5952); undefined for what is no address. */
export const normalAddress = (text: string): string | undefined => read(text)?.toString();

/** IPv4 addresses whole, IPv6 addresses by their first 64 bits; anything else as it is. */
export function networkOf(address: string): string {
  const known = read(address);
  if (!known) return address;
  if (!('parts' in known)) return known.toString();
  const groups = known.parts.slice(0, NETWORK_GROUPS).map((group) => group.toString(16));
  return `${groups.join(':')}::/64`;
}

/** Whether an address lies in one of these addresses and networks, such as `10.0.0.0/8`. */
export function isIn(networks: readonly string[]): (address: string) => boolean {
  const indexOf = indexIn(networks);
  return (address) => indexOf(address) >= 0;
}

/** Which of these networks an address lies in: the first, or -1 where it is in none. */
export function indexIn(networks: readonly string[]): (address: string) => number {
  const ranges = networks.map(rangeOf);
  return (address) => {
    const known = read(address);
    if (!known) return -1;
    return ranges.findIndex(
      ([base, bits]) => base.kind() === known.kind() && known.match(base, bits),
    );
  };
}

const MAPPED_BITS = 96;

function rangeOf(network: string): [Address, number] {
  const [text = '', bits] = network.split('/');
  const base = read(text);
  if (!base) throw new Error(`${network} is no network`);
  const all = base.kind() === 'ipv4' ? 32 : 128;
  // A network of mapped addresses is one of IPv4 addresses.
  const isMapped = base.kind() === 'ipv4' && text.includes(':');
  return [base, bits === undefined ? all : Number(bits) - (isMapped ? MAPPED_BITS : 0)];
}
