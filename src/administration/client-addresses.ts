/**
 * Where a browser may be sent to an app. The exact address is compared later, so it must be one
 * that a browser would keep as it is.
 */
import { type AddressFlaw, Refusal } from './refusal.ts';

type Why = AddressFlaw | undefined;

/** Throws Refusal for what cannot be the address of an app in a browser, or on its server. */
export const checkWebAddress = (address: string): void =>
  check(address, ({ protocol, hostname }) => {
    const isOurs = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol === 'https:' || (protocol === 'http:' && isOurs)) return undefined;
    return 'no-https-on-web';
  });

/** Of an app on a phone or a desktop (RFC 8252 §7). */
export const checkNativeAddress = (address: string): void =>
  check(address, ({ protocol, hostname, pathname }) => {
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol === 'https:') return isLoopback ? 'loopback-with-https' : undefined;
    if (protocol === 'http:') return whyNoLoopback(hostname);
    // §7.1: a reversed domain name that is the app maker's own, so that no two apps take the same.
    if (!/^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:$/.test(protocol)) {
      return 'scheme-without-dot';
    }
    return pathname === '' ? 'path-missing' : undefined;
  });

/** Throws Refusal unless an app may publish its keys there. */
export const checkKeyAddress = (address: string): void =>
  check(address, ({ protocol }) => (protocol === 'https:' ? undefined : 'no-https'));

/** §8.3: a name is asked of others, and may lead elsewhere. */
function whyNoLoopback(hostname: string): Why {
  if (['127.0.0.1', '[::1]'].includes(hostname)) return undefined;
  return hostname === 'localhost' ? 'loopback-by-name' : 'no-https-on-native';
}

function check(address: string, whyNot: (url: URL) => Why): void {
  const url = URL.parse(address);
  const flaw = url ? (whyNowhere(address, url) ?? whyNot(url)) : 'no-address';
  if (flaw !== undefined) throw new Refusal('address-unfit', { address, flaw });
}

function whyNowhere(address: string, { hash, username, password }: URL): Why {
  if (hash || address.includes('#')) return 'fragment';
  if (username || password) return 'user';
  if (address.includes('*')) return 'wildcard';
  return /[\s\p{Cc}\\]/u.test(address) ? 'changing-signs' : undefined;
}
