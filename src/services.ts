/**
 * What all rooms use, made once for each app and for each command of an administrator: models,
 * secrets, words, pages, the audit. Who is given what is said in compose.ts, and for
 * administration in administration/administration.ts.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Connection } from 'mongoose';

import { createShell } from './approver/shell.ts';
import { createAudit } from './audit/audit.ts';
import { createChannels } from './channels/index.ts';
import type { Settings } from './config/schema.ts';
import { loadCommonPasswords } from './credentials/common-passwords.ts';
import { createMailboxes } from './credentials/mailboxes.ts';
import { createPasswordHasher } from './credentials/password-hasher.ts';
import { createPasswordRules } from './credentials/password-rules.ts';
import type { Clock } from './lib/clock.ts';
import { createCrypt } from './lib/crypt.ts';
import type { Log } from './lib/log.ts';
import { type Meter, noMeter } from './lib/meter.ts';
import { createMethodRules } from './method-rules.ts';
import { createAccounts } from './models/account.ts';
import { createAuditRecords } from './models/audit-record.ts';
import { createFailures } from './models/failure.ts';
import { createFlows } from './models/flow.ts';
import { createLogoutNotices } from './models/logout-notice.ts';
import { createStoredMessages } from './models/message.ts';
import { createOidcRecords } from './models/oidc-record.ts';
import { createPolicies } from './models/policy.ts';
import { createRemovedKeys } from './models/removed-key.ts';
import { createSharedCounters } from './models/shared-counter.ts';
import { missingIndexes } from './models/survey.ts';
import { accountClient } from './oidc/account-client.ts';
import { createClients } from './oidc/clients.ts';
import { createPayloads } from './oidc/sealed-payloads.ts';
import { createSessionEnd } from './oidc/session-limit.ts';
import { notMeLink } from './not-me/routes.ts';
import { createPolicyInForce } from './policy/policy.ts';
import { fewestCharacters } from './policy/shape.ts';
import { letInLink } from './sign-in/let-in-routes.ts';
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
      'simplewebauthn.js': bundleOf('@simplewebauthn/browser', '../dist/bundle/index.umd.min.js'),
      'zxcvbn/core.js': bundleOf('@zxcvbn-ts/core', './zxcvbn-ts.js'),
      'zxcvbn/common.js': bundleOf('@zxcvbn-ts/language-common', './zxcvbn-ts.js'),
      'approver/qr/decode.js': fileURLToPath(import.meta.resolve('qr/decode.js')),
      'approver/qr/index.js': fileURLToPath(import.meta.resolve('qr')),
    },
  });
  const accounts = createAccounts(connection);
  const records = createOidcRecords(connection);
  const policies = createPolicies(connection);
  const logoutNotices = createLogoutNotices(connection);
  const channels = createChannels(settings.channels, { clock, meter, log, issuer, vapidKey });
  const hasher = createPasswordHasher(settings.passwords, clock, meter);
  const payloads = createPayloads(crypt, log);
  const policy = createPolicyInForce({ policies, begins: settings.policy, clock });
  if (vapidKey === undefined) log.warn({ missing: 'VAPID_KEY' }, 'pushes.off');
  return {
    ...{ crypt, languages, assets, accounts, records, policies, policy, payloads, logoutNotices },
    ...{ channels, hasher, meter },
    audited: createAuditRecords(connection),
    clients: createClients({
      ...{ records, crypt, clock },
      own: accountClient(issuer, organisation.name),
    }),
    flows: createFlows(connection),
    sharedCounters: createSharedCounters(connection),
    failures: createFailures(connection),
    removedKeys: createRemovedKeys(connection),
    shell: createShell({ assets, languages, organisation }),
    pages: createPages({ templates, languages, organisation, asset: assets.href }),
    messages: createMessages({ templates, languages, organisation, host }),
    methodRules: createMethodRules({ settings, crypt, clock, hasher, policy, channels }),
    checkPassword: createPasswordRules({
      minimum: () => fewestCharacters(policy.current()),
      loadCommon: loadCommonPasswords,
    }),
    endSessions: createSessionEnd({ records, payloads, logoutNotices, clock }),
    missingIndexes: () => missingIndexes(connection),
  };
}

/** All of a package in one file, which it does not name among what it exports. */
const bundleOf = (name: string, file: string): string =>
  fileURLToPath(new URL(file, import.meta.resolve(name)));

export type Rooms = ReturnType<typeof createServices>;

/** What happened, and who is told of it. */
export function createAuditTrail({ settings, connection, clock, log }: AppDeps, rooms: Rooms) {
  const { accounts, flows, crypt, messages, channels, audited } = rooms;
  const { mail } = channels;
  if (!mail) log.warn({ missing: 'SMTP_URL' }, 'notices.off');
  return createAudit({
    ...{ accounts, flows, crypt, mail, clock, log },
    alertsTo: settings.organisation.alertsTo,
    records: audited,
    mailboxes: createMailboxes({ log }),
    messages: createStoredMessages(connection),
    render({ message, values: { token, ...values }, locale }) {
      const linkTo = message === 'let-in' ? letInLink : notMeLink;
      const link = token !== undefined && { link: linkTo(settings.issuer, token) };
      // Whoever is shut out would only be refused there.
      const isInvited = message !== 'alert' && values.about !== 'account-disabled';
      const account = isInvited && { account: `${settings.issuer}/account` };
      const said = { ...values, ...link, ...account };
      return messages.render({ channel: 'mail', message, values: said, locale });
    },
  });
}
