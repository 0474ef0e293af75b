/**
 * To which addresses pushes may go. Whoever subscribes names an address that we then ask, so it
 * could be one inside our own network: only push services are asked, by name.
 */
import { z } from 'zod';

/** `push.example.org`, `*.example.org` for everything below it, `push.example.org:8443`. */
export const pushHost = z
  .string()
  .refine(isHost, 'must be a host such as push.example.org, *.example.org or localhost:8443');

/**
 * Whether an endpoint belongs to one of these hosts: to be asked when a subscription is stored,
 * and before each push, because the list may have become shorter.
 */
export function isPushAddress(endpoint: string, hosts: readonly string[]): boolean {
  const url = URL.parse(endpoint);
  if (url?.protocol !== 'https:') return false;
  // Browsers hand out one spelling; in any other the next parser might see another host.
  if (!endpoint.startsWith(`${url.origin}/`)) return false;
  return hosts.some((host) => (isSuffix(host) ? isBelow(url.host, host) : url.host === host));
}

export const isSuffix = (host: string): boolean => host.startsWith('*.');

function isBelow(host: string, suffix: string): boolean {
  const dotted = suffix.slice(1);
  return host.endsWith(dotted) && host.length > dotted.length;
}

/** Spelt as a parsed address has it, or nothing would ever equal it. */
function isHost(entry: string): boolean {
  const host = isSuffix(entry) ? entry.slice(2) : entry;
  const isWholeDomain = isSuffix(entry) && !host.includes('.');
  return !isWholeDomain && !host.includes('*') && URL.parse(`https://${host}/`)?.host === host;
}
