/**
 * Brings the demo people and apps into a development database. Safe to run again: who is
 * there already is left alone, and only the apps are told their present addresses.
 */
import type { ClientMetadata } from 'oidc-provider';

import { newAccount, type NewCredential } from '../src/administration/new-account.ts';
import { readCode } from '../src/credentials/paper-code.ts';
import { systemClock } from '../src/lib/clock.ts';
import { keyRecordOf } from './demo-key/record.ts';
import {
  demoApp,
  type DemoClient,
  demoPeople,
  type DemoPerson,
  partnerApp,
} from './demo-people.ts';
import { type Services, openServices, scriptSettings } from './services.ts';

const { DEMO_PORT = '3001' } = process.env;

const settings = await scriptSettings();
if (settings.environment === 'production') {
  process.stderr.write(
    'The demo people are for development only: everybody knows their secrets.\n',
  );
  process.exit(1);
}

const house = await openServices(settings);
for (const person of demoPeople) await addUnlessThere(house, person);
for (const client of [demoApp, partnerApp]) {
  await house.clients.save(metadataOf(client, `http://127.0.0.1:${DEMO_PORT}`));
}
await house.close();

async function addUnlessThere(house: Services, person: DemoPerson): Promise<void> {
  const { username, givenName, familyName, email, password, phone, key } = person;
  if (await house.accounts.findByIdentifier(username)) return;
  const hash = await house.hasher.hash(password);
  const secret = { kind: 'password', data: () => ({ hash, setAt: systemClock.now() }) };
  const made = {
    username,
    name: `${givenName} ${familyName}`,
    profile: {
      ...{ givenName, familyName, email, isEmailVerified: true },
      ...(phone && { phoneNumber: phone.number, isPhoneNumberVerified: true }),
    },
    credentials: [secret, ...credentialsOf(person)],
  };
  const account = newAccount(made, { crypt: house.crypt, clock: systemClock });
  await house.accounts.create({ ...account, ...(key && { userHandle: key.userHandle }) });
}

function credentialsOf({ seed, phone, office, recoveryCodes, key }: DemoPerson): NewCredential[] {
  const credentials: NewCredential[] = [];
  if (seed) {
    credentials.push({
      kind: 'app',
      data: (vault) => ({ seed: vault.seal(seed), lastStep: 0 }),
    });
  }
  if (phone) credentials.push({ kind: 'phone', data: () => ({ ...phone, type: 'mobile' }) });
  if (office) {
    const on = { phoneType: 'office', type: 'fixed-line' };
    credentials.push({ kind: 'phone', data: () => ({ ...office, ...on }) });
  }
  if (recoveryCodes) {
    credentials.push({
      kind: 'recovery-codes',
      data: (vault) => ({
        digests: recoveryCodes.map((code) => vault.digest(readCode(code))),
      }),
    });
  }
  if (key) credentials.push({ kind: 'security-key', data: () => keyRecordOf(key) });
  return credentials;
}

function metadataOf(
  { id, secret, name, isFirstParty, idTokenAlg }: DemoClient,
  origin: string,
): ClientMetadata {
  return {
    client_id: id,
    client_secret: secret,
    client_name: name,
    client_uri: `${origin}/`,
    first_party: isFirstParty,
    id_token_signed_response_alg: idTokenAlg,
    redirect_uris: [`${origin}/callback`],
    post_logout_redirect_uris: [`${origin}/signed-out`],
    grant_types: ['authorization_code', 'refresh_token'],
  };
}
