/**
 * Apps that people sign in to: registered, changed and forgotten; and how each of them proves
 * that it is the one. What may be asked for of them is client-wishes.ts.
 */
import { isDeepStrictEqual } from 'node:util';

import type { ClientMetadata } from 'oidc-provider';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomToken } from '../lib/codes.ts';
import type { Jwks } from '../lib/jwks.ts';
import { type Clients, withoutSecrets } from '../oidc/clients.ts';
import { type ClientWishes, metadataFrom } from './client-wishes.ts';
import { Refusal } from './refusal.ts';
import type { Telling } from './telling.ts';

export interface NewClient extends ClientWishes {
  /** `native`: an app on a phone or a desktop, which is public (RFC 8252 §8.4). */
  readonly kind: 'web' | 'native';
  /** How it proves that it is the one: a secret, its keys (`private_key_jwt`), or not at all. */
  readonly proof: 'secret' | 'keys' | 'none';
  /** One that the app knows already. */
  readonly secret?: string;
}

export interface Rotation {
  /** One that the app knows already. */
  readonly secret?: string;
  /** For how long the old one goes on passing; at once it is void without. */
  readonly overlapHours?: number;
}

/** 256 bits. */
const SECRET_BYTES = 32;
/** The signs that a secret may have (RFC 6749 §A.2); more than 32 bytes of them are no less. */
const SECRET = /^[\x20-\x7e]{32,512}$/;
const MOST_OVERLAP_HOURS = 30 * 24;
const HOUR_SECONDS = 3600;

export interface ClientAdministrationDeps {
  readonly clients: Clients;
  readonly telling: Telling;
  readonly clock: Clock;
  /** The keys that sign tokens. */
  readonly jwks: Jwks;
  /** The levels that the methods switched on can prove. */
  readonly reachable: () => readonly string[];
}

export interface Changes extends ClientWishes {
  /** How it is to prove itself from now on, if otherwise; a secret is made for it then. */
  readonly proof?: 'secret' | 'keys';
}

export interface Changed {
  /** The names of what is not as it was. */
  readonly what: readonly string[];
  /** A new one, to be shown this once. */
  readonly secret?: string;
}

export type ShownClient = ReturnType<typeof withoutSecrets>;

export function createClientAdministration(deps: ClientAdministrationDeps) {
  const { clients, telling, clock, jwks, reachable } = deps;
  const algorithms = [...new Set(jwks.keys.map(({ alg }) => alg))];
  const here = () => ({ algorithms, reachable: reachable() });

  async function find(id: string): Promise<ClientMetadata> {
    const client = await clients.find(id);
    if (!client) throw new Refusal('client-unknown', { client: id });
    return client;
  }

  return {
    find: async (id: string): Promise<ShownClient> => withoutSecrets(await find(id)),
    list: async (): Promise<ShownClient[]> => (await clients.list()).map(withoutSecrets),

    /** Returns it with its secret, to be shown this once; a public client has none. */
    async create(id: string, wishes: NewClient, reason?: string): Promise<ClientMetadata> {
      if (!/^[\w.-]{1,100}$/.test(id)) throw new Refusal('client-id-unfit');
      const metadata: ClientMetadata = {
        client_id: id,
        client_name: id,
        post_logout_redirect_uris: [],
        grant_types: ['authorization_code', 'refresh_token'],
        first_party: false,
        ...(wishes.kind === 'native' && { application_type: 'native' as const }),
        ...metadataFrom(wishes, { isNative: wishes.kind === 'native', ...here() }),
        ...proofOf(wishes),
      };
      if (!metadata.redirect_uris) throw new Refusal('redirect-uri-missing');
      if (!(await clients.find(id))) {
        await telling.before([telling.event('client.created', { client: id }, { reason })]);
        // Of two who come at once both are told of, and one is refused.
        if (await clients.create(metadata)) return metadata;
      }
      throw new Refusal('client-taken', { client: id });
    },

    /** Replaces what is named and keeps the rest. */
    async update(id: string, wishes: Changes, reason?: string): Promise<Changed> {
      const read = await find(id);
      const isNative = read.application_type === 'native';
      if (wishes.isPkceLeftOut && isPublic(read)) throw pkceIsNeeded();
      const next = metadataFrom(wishes, { isNative, ...here() });
      const proof = newProof({ ...read, ...next }, wishes.proof);
      return change(read, { ...next, ...proof }, reason);
    },

    /**
     * The old secret is void within five seconds, or when its time is over; one before that at
     * once. Returns the new one, to be shown this once.
     */
    async rotateSecret(id: string, { secret, overlapHours = 0 }: Rotation = {}, reason?: string) {
      const client = await find(id);
      if (client.client_secret === undefined) {
        throw new Refusal('client-without-secret', { client: id });
      }
      if (!(overlapHours >= 0 && overlapHours <= MOST_OVERLAP_HOURS)) {
        throw new Refusal('overlap-unfit', { mostHours: MOST_OVERLAP_HOURS });
      }
      const next = secret === undefined ? randomToken(SECRET_BYTES) : brought(secret);
      if (next === client.client_secret) {
        // Whoever rotates after a leak would be told that it is void.
        throw new Refusal('client-secret-unchanged', { client: id });
      }
      const until = secondsAfter(clock.now(), overlapHours * HOUR_SECONDS).toISOString();
      const previous = {
        previous_client_secret: client.client_secret,
        previous_client_secret_until: until,
      };
      const kept = overlapHours > 0 ? previous : NO_PREVIOUS_SECRET;
      await change(client, { ...kept, client_secret: next }, reason);
      return next;
    },

    async remove(id: string, reason?: string): Promise<void> {
      await find(id);
      await telling.before([telling.event('client.removed', { client: id }, { reason })]);
      await clients.remove(id);
    },
  };

  async function change(
    read: ClientMetadata,
    to: Partial<ClientMetadata>,
    reason?: string,
  ): Promise<Changed> {
    const changed = { ...read, ...to };
    const names = Object.keys(changed);
    const what = names.filter((key) => !isDeepStrictEqual(read[key], changed[key]));
    if (what.length === 0) return { what };
    const details = { client: read.client_id, what };
    await telling.before([telling.event('client.changed', details, { reason })]);
    // What is undefined falls out as it is stored.
    await clients.save(changed);
    const { client_secret: secret } = changed;
    return { what, ...(secret !== undefined && what.includes('client_secret') && { secret }) };
  }
}

const BY_KEYS = { token_endpoint_auth_method: 'private_key_jwt' } as const;
const NO_PREVIOUS_SECRET = {
  previous_client_secret: undefined,
  previous_client_secret_until: undefined,
};
const NO_SECRETS = { client_secret: undefined, ...NO_PREVIOUS_SECRET };

function proofOf(wishes: NewClient): Partial<ClientMetadata> {
  const { kind, proof, secret, isPkceLeftOut, jwks, jwksUri } = wishes;
  if (kind === 'native' && proof !== 'none') throw new Refusal('native-proof');
  if (proof !== 'secret' && secret !== undefined) throw new Refusal('client-secret-unwanted');
  if (proof === 'none') {
    if (isPkceLeftOut) throw pkceIsNeeded();
    return { token_endpoint_auth_method: 'none' };
  }
  if (proof === 'secret') {
    return { client_secret: secret === undefined ? randomToken(SECRET_BYTES) : brought(secret) };
  }
  if (jwks === undefined && jwksUri === undefined) throw new Refusal('keys-missing');
  return BY_KEYS;
}

function newProof(client: ClientMetadata, to: Changes['proof']): Partial<ClientMetadata> {
  const hasKeys = client.jwks !== undefined || client.jwks_uri !== undefined;
  const byKeys = client.token_endpoint_auth_method === BY_KEYS.token_endpoint_auth_method;
  if (to !== undefined && isPublic(client)) throw new Refusal('public-proof');
  if (!hasKeys && (to === 'keys' || (byKeys && to === undefined))) throw new Refusal('keys-needed');
  if (to === 'keys') return { ...BY_KEYS, ...NO_SECRETS };
  if (to === undefined || !byKeys) return {};
  return { token_endpoint_auth_method: undefined, client_secret: randomToken(SECRET_BYTES) };
}

const isPublic = (client: ClientMetadata): boolean => client.token_endpoint_auth_method === 'none';

/** Without a secret, PKCE alone binds a code to the app that asked for it. */
const pkceIsNeeded = () => new Refusal('pkce-needed');

function brought(secret: string): string {
  if (SECRET.test(secret)) return secret;
  throw new Refusal('client-secret-unfit');
}
