/**
 * The apps that people sign in to. Their secrets are sealed at rest. Each process
 * keeps a client for five seconds, because every request asks for one, and a change must
 * reach every process within that time.
 */
import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';

import { type Clock, secondsAfter } from '../lib/clock.ts';
import type { Crypt } from '../lib/crypt.ts';
import { type OidcRecord, type OidcRecords, recordId } from '../models/oidc-record.ts';
import type { AppHome } from '../web/page.ts';

export type Clients = ReturnType<typeof createClients>;

export interface ClientsDeps {
  readonly records: OidcRecords;
  readonly crypt: Crypt;
  readonly clock: Clock;
  /** Our own, which nobody registered and nobody can change. */
  readonly own?: ClientMetadata;
}

/** As the start page shows it. */
export interface HomeApp extends AppHome {
  readonly logo?: string;
}

const KEPT_SECONDS = 5;
const MOST_KEPT = 1000;

interface Kept {
  readonly metadata: ClientMetadata | undefined;
  readonly until: Date;
}

const KIND = 'Client';

/** `previous_client_secret` is good until its time is over (client-secrets.ts). */
const secretNames = ['client_secret', 'previous_client_secret'] as const;
type SecretName = (typeof secretNames)[number];

/** What a secret is sealed for, and the only place where it opens. */
export const secretContext = (name: SecretName, clientId: string): string =>
  `oidc_records ${name} ${clientId}`;

/** The secrets in it, in whatever form it has them. */
export function secretsIn(metadata: ClientMetadata): readonly (readonly [SecretName, string])[] {
  return secretNames.flatMap((name) => {
    const secret = metadata[name];
    return typeof secret === 'string' ? [[name, secret] as const] : [];
  });
}

/** For whoever may see all else. */
export function withoutSecrets(metadata: ClientMetadata): Partial<ClientMetadata> {
  const secret: readonly string[] = secretNames;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => !secret.includes(name)));
}

export function createClients({ records, crypt, clock, own }: ClientsDeps) {
  const kept = new Map<string, Kept>();
  let homes: { readonly apps: readonly HomeApp[]; readonly until: Date } | undefined;

  return {
    /** The metadata, its secrets in clear. That an id is unknown is kept as well. */
    async find(clientId: string): Promise<ClientMetadata | undefined> {
      if (clientId === own?.client_id) return own;
      const now = clock.now();
      const known = kept.get(clientId);
      if (known && known.until > now) return known.metadata;

      const record = await records.find(KIND, clientId);
      const metadata = record && opened(record);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(clientId, { metadata, until: secondsAfter(now, KEPT_SECONDS) });
      return metadata;
    },

    /** False where there is one of this id already. */
    async create(metadata: ClientMetadata): Promise<boolean> {
      if (metadata.client_id === own?.client_id) return false;
      const isNew = await records.create(recordOf(metadata));
      kept.delete(metadata.client_id);
      return isNew;
    },

    /** Validate with `provider.Client.validate` first: this only stores. */
    async save(metadata: ClientMetadata): Promise<void> {
      await records.put(recordOf(metadata));
      kept.delete(metadata.client_id);
    },

    /** Seals secrets anew that an older key sealed; returns in how many apps. */
    async reseal(): Promise<number> {
      let count = 0;
      for (const record of await records.listClients()) {
        const metadata = JSON.parse(record.payload) as ClientMetadata; // written by save
        const renewed = mapSecrets(metadata, (sealed, context) => crypt.renew(sealed, context));
        if (renewed === metadata) continue;
        const payload = JSON.stringify(renewed);
        if (await records.replace({ ...record, payload }, record.payload)) count += 1;
      }
      return count;
    },

    async remove(clientId: string): Promise<void> {
      await records.remove(KIND, clientId);
      kept.delete(clientId);
    },

    /** Those that people open somewhere, by name. */
    async homes(): Promise<readonly HomeApp[]> {
      const now = clock.now();
      if (homes && homes.until > now) return homes.apps;
      const apps = (await records.listClients()).flatMap(homeIn);
      apps.sort((one, other) => one.name.localeCompare(other.name));
      homes = { apps, until: secondsAfter(now, KEPT_SECONDS) };
      return apps;
    },

    async list(): Promise<ClientMetadata[]> {
      return (await records.listClients()).map(opened);
    },
  };

  function recordOf(metadata: ClientMetadata): OidcRecord {
    const { client_id: clientId } = metadata;
    const sealed = mapSecrets(metadata, (secret, context) => crypt.seal(secret, context));
    return { _id: recordId(KIND, clientId), kind: KIND, payload: JSON.stringify(sealed) };
  }

  function opened({ payload }: OidcRecord): ClientMetadata {
    const metadata = JSON.parse(payload) as ClientMetadata; // written by save, above
    return mapSecrets(metadata, (sealed, context) => crypt.open(sealed, context));
  }
}

/** No secret is opened for it, and one that is damaged is not among them. */
function homeIn({ payload }: OidcRecord): HomeApp[] {
  const client = Home.safeParse(payload).data;
  if (client?.client_uri === undefined) return [];
  const { client_id: id, client_name: name = id, client_uri: home, logo_uri: logo } = client;
  return [{ name, home, ...(logo !== undefined && { logo }) }];
}

const webAddress = z.url({ protocol: /^https?$/ }).optional();
const Home = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  })
  .pipe(
    z.object({
      client_id: z.string(),
      client_name: z.string().optional(),
      client_uri: webAddress,
      logo_uri: webAddress,
    }),
  );

/** With every secret changed; the same object where `change` changed none. */
function mapSecrets(
  metadata: ClientMetadata,
  change: (secret: string, context: string) => string | undefined,
): ClientMetadata {
  const changed = secretsIn(metadata).flatMap(([name, secret]) => {
    const next = change(secret, secretContext(name, metadata.client_id));
    return next === undefined ? [] : [[name, next] as const];
  });
  return changed.length === 0 ? metadata : { ...metadata, ...Object.fromEntries(changed) };
}
