/**
 * Puts the people and apps of the stories into a database, as the command line would.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';

import type { Connection } from 'mongoose';

import type { Settings } from '../../src/config/schema.ts';
import { createPasswordHasher } from '../../src/credentials/password-hasher.ts';
import { vaultOf } from '../../src/credentials/vault.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createAccounts, type Credential } from '../../src/models/account.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createClients } from '../../src/oidc/clients.ts';
import { credential, people, type Person } from './people.ts';
import { clients } from './shop.ts';

export async function moveIn(connection: Connection, settings: Settings): Promise<void> {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const hasher = createPasswordHasher(settings.passwords, systemClock);
  const accounts = createAccounts(connection);
  for (const person of Object.values(people)) {
    await accounts.create({
      _id: `id-${person.username}`,
      username: person.username,
      name: person.name,
      profile: { email: person.email, isEmailVerified: true },
      roles: [],
      groups: [],
      credentials: await credentialsOf(person),
      createdAt: new Date(),
    });
  }
  const records = createOidcRecords(connection);
  const store = createClients({ records, crypt, clock: systemClock });
  for (const client of clients) await store.save(client);

  async function credentialsOf(person: Person): Promise<Credential[]> {
    const { username, phone, seed, approver, recoveryCodes } = person;
    const vault = (id: string) => vaultOf(crypt, `id-${username}`, id);
    const hash = await hasher.hash(person.password);
    return [
      credential('password', 'password', { hash, setAt: new Date() }),
      ...(seed
        ? [
            credential('app', 'app', {
              ...{ seed: vault('app').seal(seed), lastStep: 0 },
              ...(approver && { device: deviceWith(approver) }),
            }),
          ]
        : []),
      ...(phone ? [credential('phone', 'phone', phoneData(phone))] : []),
      ...(recoveryCodes
        ? [
            credential('codes', 'recovery-codes', {
              digests: recoveryCodes.map((code) => vault('codes').digest(code.replaceAll('-', ''))),
            }),
          ]
        : []),
    ];
  }
}

const phoneData = (number: string) => ({
  number,
  countryCallingCode: number.startsWith('+1') ? '1' : '44',
  type: 'mobile',
});

function deviceWith(approver: string) {
  const pkcs8 = Buffer.from(approver, 'base64url');
  const key = createPublicKey(createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  const spki = key.export({ format: 'der', type: 'spki' }).toString('base64url');
  return { key: spki, counter: 0, name: 'Chrome, Android' };
}
