/**
 * The secret that an app had before its last rotation goes on passing for as long as an
 * administrator said, so that its servers can be given the new one in turn. Judged at every
 * comparison, and only there.
 */
import type { Client, Provider } from 'oidc-provider';

import type { Clock } from '../lib/clock.ts';

type Compare = (this: Client, actual: string) => boolean | Promise<boolean>;

export function acceptPreviousSecrets(provider: Provider, clock: Clock): void {
  // Every Provider makes its own class, so this changes no other.
  const { prototype } = provider.Client;
  const compare = Object.getOwnPropertyDescriptor(prototype, 'compareClientSecret')?.value as
    Compare | undefined;
  if (!compare) throw new Error('oidc-provider no longer has compareClientSecret');
  prototype.compareClientSecret = async function (this: Client, actual) {
    if (await compare.call(this, actual)) return true;
    const previous = previousSecret(this, clock.now());
    if (previous === undefined) return false;
    const before = Object.create(this, { clientSecret: { value: previous } }) as Client;
    return compare.call(before, actual);
  };
}

function previousSecret(client: Client, now: Date): string | undefined {
  const { previous_client_secret: secret, previous_client_secret_until: until } = client;
  if (typeof secret !== 'string' || typeof until !== 'string') return undefined;
  // Said in this way, what is no date at all is over.
  return new Date(until) > now ? secret : undefined;
}
