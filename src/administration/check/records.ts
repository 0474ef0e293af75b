/**
 * What the provider stores: of known kinds, opened by the present keys, gone when its time is
 * over, and no session above what was proved.
 */
import type { AdapterPayload, ClientMetadata } from 'oidc-provider';
import { z } from 'zod';

import { isAtLeast, levelOf, supportedAcrs } from '../../assurance/levels.ts';
import { proofShape } from '../../assurance/proof-shape.ts';
import type { Proof } from '../../assurance/proof.ts';
import { type OidcRecord, recordId } from '../../models/oidc-record.ts';
import { everyDocument } from '../../models/survey.ts';
import { secretContext, secretsIn } from '../../oidc/clients.ts';
import { createPayloads } from '../../oidc/sealed-payloads.ts';
import { type CheckDeps, type Found, isLeftOver } from './deps.ts';

const CLIENT = 'Client';
const kindsOfRecords: readonly string[] = [
  ...[CLIENT, 'Session', 'Interaction', 'Grant', 'AuthorizationCode', 'AccessToken'],
  ...['RefreshToken', 'ReplayDetection', 'PushedAuthorizationRequest'],
];

export async function* clientsInOrder({ records, crypt, jwks }: CheckDeps): AsyncGenerator<Found> {
  for await (const record of everyDocument(records.model)) {
    if (record.kind !== CLIENT) continue;
    const client = clientIn(record);
    const id = client?.client_id ?? record._id;
    if (!client || record._id !== recordId(CLIENT, client.client_id)) {
      yield { what: `${id}: cannot be read` };
      continue;
    }
    for (const [name, sealed] of secretsIn(client)) {
      if (opens(() => crypt.open(sealed, secretContext(name, client.client_id)))) continue;
      yield { what: `${id}: its secret does not open with the present keys` };
    }
    const { require_pkce: pkce, id_token_signed_response_alg: alg = 'RS256' } = client;
    if (!jwks.keys.some((key) => key.alg === alg)) {
      yield { what: `${id}: its ID tokens are to be signed with ${alg}, and no key is for that` };
    }
    if (pkce === false) yield { what: `${id}: may do without PKCE`, isNote: true };
  }
}

function clientIn({ payload }: OidcRecord): ClientMetadata | undefined {
  try {
    const metadata = JSON.parse(payload) as ClientMetadata; // written by oidc/clients.ts
    return typeof metadata.client_id === 'string' ? metadata : undefined;
  } catch {
    return undefined;
  }
}

export async function* recordsInOrder(deps: CheckDeps): AsyncGenerator<Found> {
  const now = deps.clock.now();
  for await (const record of everyDocument(deps.records.model)) {
    if (record.kind === CLIENT) continue;
    for (const flaw of flawsOf(record, deps, now)) yield { what: `${record._id}: ${flaw}` };
  }
}

function flawsOf(record: OidcRecord, deps: CheckDeps, now: Date): string[] {
  const { _id, kind, expiresAt } = record;
  if (!kindsOfRecords.includes(kind)) return ['is of no known kind'];
  if (!_id.startsWith(`${kind}:`)) return ['has an id of another kind'];
  if (isLeftOver(expiresAt, now)) return ['ended more than an hour ago and is still there'];
  const payload = payloadOf(record, deps);
  if (!payload) return ['does not open with the present keys'];
  return kind === 'Session' ? flawsOfSession(record, payload) : [];
}

function payloadOf(record: OidcRecord, { crypt }: CheckDeps): AdapterPayload | undefined {
  try {
    return createPayloads(crypt).open(record);
  } catch {
    return undefined;
  }
}

const opens = (open: () => string): boolean => {
  try {
    return open() !== '';
  } catch {
    return false;
  }
};

const Proved = z.array(proofShape);

/** What has faded since is judged when the session is read; here, what it ever proved. */
function flawsOfSession({ proofs }: OidcRecord, { accountId, acr }: AdapterPayload): string[] {
  if (accountId === undefined) return [];
  const read = Proved.safeParse(proofs);
  if (!read.success) return ['is a session whose proofs cannot be read'];
  if (read.data.some(({ account }) => account !== accountId)) {
    return ['is a session with proofs of somebody else'];
  }
  const claimed = supportedAcrs.find((level) => level === acr);
  if (claimed === undefined) return acr === undefined ? [] : ['is a session of no known level'];
  return isAtLeast(levelEver(read.data), claimed) ? [] : ['is a session above what was proved'];
}

const levelEver = (proofs: readonly Proof[]): string | undefined => {
  const newest = Math.max(0, ...proofs.map(({ at }) => at.getTime()));
  // Whatever policy says by now.
  return levelOf(proofs, new Date(newest), { trustSatisfies: true });
};
