/**
 * Seals with the newest encryption key whatever an older one sealed. Beside a running
 * service and as often as one likes: what changes meanwhile is left to the next run.
 *
 * Left out on purpose: sign-ins under way, their messages and their results, which are over
 * within an hour.
 */
import { trusted } from 'mongoose';

import { credentialContext } from '../../src/credentials/vault.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import type { Account, Credential } from '../../src/models/account.ts';
import type { OidcRecord } from '../../src/models/oidc-record.ts';
import type { Services } from '../services.ts';

const AT_ONCE = 500;

/** Returns how many records were sealed anew. */
export async function reseal({ settings, records, accounts, clients }: Services): Promise<number> {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  let count = 0;

  for await (const record of each(recordsAfter)) {
    const { _id, kind, payload } = record;
    if (kind === 'Client') continue;
    const renewed = crypt.renew(payload, `oidc_records/${_id}`);
    if (renewed && (await records.replace({ _id, kind, payload: renewed }, payload))) count += 1;
  }
  count += await clients.reseal();
  for await (const account of each(accountsAfter)) {
    for (const credential of account.credentials) {
      if (await resealed(account, credential)) count += 1;
    }
  }
  return count;

  function recordsAfter(id: string): Promise<OidcRecord[]> {
    const later = records.model.find({ _id: trusted({ $gt: id }) }).sort({ _id: 1 });
    return later.limit(AT_ONCE).lean<OidcRecord[]>().exec();
  }

  function accountsAfter(id: string): Promise<Account[]> {
    const later = accounts.model.find({ _id: trusted({ $gt: id }) }).sort({ _id: 1 });
    return later.limit(AT_ONCE).lean<Account[]>().exec();
  }

  /** The version stays: a use that is under way must not fail for it. */
  async function resealed({ _id }: Account, { id, version, data }: Credential): Promise<boolean> {
    const renewed = renewedIn(data, (sealed) => crypt.renew(sealed, credentialContext(_id, id)));
    if (renewed === undefined) return false;
    const written = await accounts.model.updateOne(
      { _id, credentials: trusted({ $elemMatch: { id, version } }) },
      { $set: { 'credentials.$.data': renewed } },
    );
    return written.modifiedCount === 1;
  }
}

interface Stored {
  readonly _id: string;
}

async function* each<T extends Stored>(read: (after: string) => Promise<T[]>): AsyncGenerator<T> {
  for (let page = await read(''); page.length > 0; page = await read(page.at(-1)?._id ?? '')) {
    yield* page;
  }
}

/** A copy with what could be renewed; undefined where there was nothing. */
function renewedIn(data: unknown, renew: (sealed: string) => string | undefined): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const renewed = Object.entries(data).flatMap(([name, value]) => {
    const next = typeof value === 'string' ? renew(value) : renewedIn(value, renew);
    return next === undefined ? [] : [[name, next] as const];
  });
  return renewed.length === 0 ? undefined : { ...data, ...Object.fromEntries(renewed) };
}
