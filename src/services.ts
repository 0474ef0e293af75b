/**
 * What all rooms use, made once for each app: models, secrets, words, pages. Who is given what is
 * said in compose.ts.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Connection } from 'mongoose';

import { createShell } from './approver/shell.ts';
import { createChannels } from './channels/index.ts';
import type { Settings } from './config/schema.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import type { Clock } from './lib/clock.ts';
import { createCrypt } from './lib/crypt.ts';
import type { Log } from './lib/log.ts';
import { type Meter, noMeter } from './lib/meter.ts';
import { createMethodRules } from './method-rules.ts';
import { createAccounts } from './models/account.ts';
import { createFailures } from './models/failure.ts';
import { createFlows } from './models/flow.ts';
import { createLogoutNotices } from './models/logout-notice.ts';
import { createOidcRecords } from './models/oidc-record.ts';
import { createPolicies } from './models/policy.ts';
import { createSharedCounters } from './models/shared-counter.ts';
import { createClients } from './oidc/clients.ts';
import { createPolicyInForce } from './policy/policy.ts';
import { createAssets } from './web/assets.ts';
import { loadLanguages } from './web/language.ts';
import { createMessages } from './web/messages.ts';
import { createPages } from './web/page.ts';
import { loadTemplates } from './web/templates.ts';

export interface AppDeps {
  readonly settings: Settings;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
  /** Counts for /metrics; without it nobody does. */
  readonly meter?: Meter;
}

const views = join(import.meta.dirname, '..', 'views');

/** What all rooms use: models, secrets, words. */
export function createServices({ settings, connection, clock, log, meter = noMeter }: AppDeps) {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const templates = loadTemplates(views);
  const languages = loadLanguages(join(views, 'words'));
  const { organisation, issuer } = settings;
  const { vapidKey } = settings.secrets;
  const { hostname: host } = new URL(issuer);
  const assets = createAssets({
    directory: join(views, 'assets'),
    accent: organisation.accent,
    others: {
      'approver/qr/decode.js': fileURLToPath(import.meta.resolve('qr/decode.js')),
      'approver/qr/index.js': fileURLToPath(import.meta.resolve('qr')),
    },
  });
  const records = createOidcRecords(connection);
  if (vapidKey === undefined) log.warn({ missing: 'VAPID_KEY' }, 'pushes.off');
  const channels = createChannels(settings.channels, { clock, meter, issuer, vapidKey });
  const hasher = createPasswordHasher(settings.passwords, clock, meter);
  const policy = createPolicyInForce({
    policies: createPolicies(connection),
    begins: settings.policy,
    clock,
  });
  return {
    crypt,
    languages,
    assets,
    records,
    clients: createClients({ records, crypt, clock }),
    channels,
    accounts: createAccounts(connection),
    flows: createFlows(connection),
    sharedCounters: createSharedCounters(connection),
    policy,
    methodRules: createMethodRules({ settings, crypt, clock, hasher, policy, channels }),
    notices: createLogoutNotices(connection),
    failures: createFailures(connection),
    shell: createShell({ assets, languages, organisation }),
    pages: createPages({ templates, languages, organisation, asset: assets.href }),
    messages: createMessages({ templates, languages, organisation, host }),
    hasher,
    meter,
  };
}
