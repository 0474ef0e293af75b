/**
 * Where a browser may be sent to an app. The exact address is compared later, so it must be one
 * that a browser would keep as it is.
 */
import { Refusal } from './refusal.ts';

type Why = string | undefined;

/** Throws Refusal for what cannot be the address of an app in a browser, or on its server. */
export const checkWebAddress = (address: string): void =>
  check(address, ({ protocol, hostname }) => {
    const isOurs = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol === 'https:' || (protocol === 'http:' && isOurs)) return undefined;
    return 'must begin with https:// (http:// is for localhost; other schemes are for native apps)';
  });

/** Of an app on a phone or a desktop (RFC 8252 §7). */
export const checkNativeAddress = (address: string): void =>
  check(address, ({ protocol, hostname, pathname }) => {
    const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
    if (protocol === 'https:')
      return isLoopback ? 'must be http:// on a loopback address' : undefined;
    if (protocol === 'http:') return whyNoLoopback(hostname);
    // §7.1: a reversed domain name that is the app maker's own, so that no two apps take the same.
    if (!/^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:$/.test(protocol)) {
      return 'must have a scheme with a dot, such as com.example.app:/callback';
    }
    return pathname === '' ? 'needs a path, such as com.example.app:/callback' : undefined;
  });

/** Throws Refusal unless an app may publish its keys there. */
export const checkKeyAddress = (address: string): void =>
  check(address, ({ protocol }) =>
    protocol === 'https:' ? undefined : 'must begin with https://',
  );

/** §8.3: a name is asked of others, and may lead elsewhere. */
function whyNoLoopback(hostname: string): Why {
  if (['127.0.0.1', '[::1]'].includes(hostname)) return undefined;
  return hostname === 'localhost'
    ? 'must say 127.0.0.1 or [::1]; the app may then use any port'
    : 'must begin with https://; http:// is for 127.0.0.1 and [::1]';
}

function check(address: string, whyNot: (url: URL) => Why): void {
  const url = URL.parse(address);
  const why = url ? (whyNowhere(address, url) ?? whyNot(url)) : 'is not an address';
  if (why !== undefined) throw new Refusal('invalid', `"${address}" ${why}.`);
}

function whyNowhere(address: string, { hash, username, password }: URL): Why {
  if (hash || address.includes('#')) return 'must not have a fragment (#)';
  if (username || password) return 'must not name a user';
  if (address.includes('*')) return 'must be complete: there are no wildcards';
  return /[\s\p{Cc}\\]/u.test(address) ? 'has signs that a browser would change' : undefined;
}
