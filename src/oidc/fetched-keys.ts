/**
 * Keys that an app keeps at an address of its own (`jwks_uri`). The library fetches them, and then
 * goes on with what it has for as long as that verifies: a key that the app took back would count
 * for ever. Here what was fetched counts for at most ten minutes, whatever headers say.
 */
import type { Client, Provider } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { MOST_KEYS } from './client-keys.ts';

export const MOST_KEY_BYTES = 256 * 1024;
const KEPT_SECONDS = 600;
/** An address that fails is not asked again at every request of a stranger. */
const AGAIN_AFTER_SECONDS = 10;

/** The library's key store of one client, which its types leave out. */
interface KeyStore extends Iterable<unknown> {
  /** In seconds since 1970. */
  freshUntil?: number;
  fresh(): boolean;
  refresh(): Promise<void>;
  clear(): void;
  selectForVerify(options: object): unknown[];
}

type WithKeys = Client & { readonly asymmetricKeyStore: KeyStore };

export function boundFetchedKeys(provider: Provider, clock: Clock): void {
  const { Client: Clients } = provider;
  const guarded = new WeakSet<Client>();
  const find = Clients.find.bind(Clients);
  Clients.find = async (id) => {
    const client = (await find(id)) as WithKeys | undefined;
    if (client?.jwksUri === undefined || guarded.has(client)) return client;
    guarded.add(client);
    guard(client.asymmetricKeyStore, clock);
    return client;
  };
}

function guard(store: KeyStore, clock: Clock): void {
  const refresh = store.refresh.bind(store);
  const select = store.selectForVerify.bind(store);
  const epochIn = (seconds: number): number =>
    Math.floor(secondsAfter(clock.now(), seconds).getTime() / 1000);

  // Finding none is why the library fetches.
  store.selectForVerify = (options) => (store.fresh() ? select(options) : []);

  store.refresh = async () => {
    try {
      await refresh();
      if ([...store].length > MOST_KEYS) throw new Error(`more than ${MOST_KEYS} keys`);
    } catch (error) {
      store.clear();
      store.freshUntil = epochIn(AGAIN_AFTER_SECONDS);
      throw error;
    }
    store.freshUntil = Math.min(store.freshUntil ?? 0, epochIn(KEPT_SECONDS));
  };
}
