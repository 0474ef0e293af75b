/**
 * The acts of an administrator on a house, as the command line has them.
 */
import { expect } from 'chai';

import { sentenceOf } from '../../scripts/doorstep/refusals.ts';
import { createAccountAdministration } from '../../src/administration/accounts.ts';
import type { CheckDeps } from '../../src/administration/check/deps.ts';
import { createExport } from '../../src/administration/export.ts';
import { createImport } from '../../src/administration/import.ts';
import { createMethodAdministration } from '../../src/administration/methods.ts';
import { createPasswordAdministration } from '../../src/administration/passwords.ts';
import { createTelling } from '../../src/administration/telling.ts';
import { COMMAND_LINE, createAudit } from '../../src/audit/audit.ts';
import { createPasswordHasher } from '../../src/credentials/password-hasher.ts';
import { createPasswordRules } from '../../src/credentials/password-rules.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { createCodes } from '../../src/lib/codes.ts';
import { createCrypt } from '../../src/lib/crypt.ts';
import { createLog } from '../../src/lib/log.ts';
import { createMethods } from '../../src/methods/index.ts';
import { createAccountDirectory } from '../../src/models/account-directory.ts';
import { createAccounts } from '../../src/models/account.ts';
import { createAuditRecords } from '../../src/models/audit-record.ts';
import { createFlows } from '../../src/models/flow.ts';
import { createLogoutNotices } from '../../src/models/logout-notice.ts';
import { createStoredMessages } from '../../src/models/message.ts';
import { createOidcRecords } from '../../src/models/oidc-record.ts';
import { createSharedCounters } from '../../src/models/shared-counter.ts';
import { missingIndexes } from '../../src/models/survey.ts';
import { createPayloads } from '../../src/oidc/sealed-payloads.ts';
import { createSessionEnd } from '../../src/oidc/session-limit.ts';
import type { House } from './house.ts';

export function administrationOf({ connection, settings }: Pick<House, 'connection' | 'settings'>) {
  const crypt = createCrypt(settings.secrets.encryptionKeys);
  const hasher = createPasswordHasher(settings.passwords, systemClock);
  const accounts = createAccounts(connection);
  const directory = createAccountDirectory(accounts);
  const audited = createAuditRecords(connection);
  const flows = createFlows(connection);
  const audit = createAudit({
    ...{ accounts, flows, crypt, clock: systemClock, records: audited },
    log: createLog({ level: 'silent' }).log,
    messages: createStoredMessages(connection),
    mail: undefined,
    render: () => expect.fail('an administrator sends no mail'),
  });
  const records = createOidcRecords(connection);
  const deps = {
    ...{ accounts, directory, crypt, hasher, clock: systemClock },
    telling: createTelling({ audit, administrator: { by: COMMAND_LINE } }),
    endSessions: createSessionEnd({
      ...{ records, payloads: createPayloads(crypt), clock: systemClock },
      notices: createLogoutNotices(connection),
    }),
    checkPassword: createPasswordRules({ minimum: () => 8, loadCommon: async () => new Set() }),
    ...{ fewestCharacters: 8, organisation: 'Doorstep', phoneCountries: [] },
  };
  const people = createAccountAdministration(deps);
  const ports = { clock: systemClock, codes: createCodes(crypt), passwords: hasher };
  const checked: CheckDeps = {
    ...{ accounts, crypt, hasher, clock: systemClock, jwks: settings.secrets.jwks },
    ...{ flows, records, audited },
    sharedCounters: createSharedCounters(connection),
    missingIndexes: () => missingIndexes(connection),
    rules: {
      methods: createMethods(settings.methods, ports),
      availability: {
        isAllowed: () => true,
        policyOf: () => ({}),
        isAvailable: () => true,
        isAway: () => false,
      },
    },
    needsTwoSteps: true,
  };
  const importAll = createImport(deps);
  return {
    accounts: people,
    passwords: createPasswordAdministration({ ...deps, people }),
    methods: createMethodAdministration({ ...deps, people }),
    exportAccounts: createExport(deps),
    checked,
    /** Objects, or lines as they are. */
    async imports(lines: readonly unknown[], update = false) {
      const refused: string[] = [];
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      const counts = await importAll(bytes(`${text.join('\n')}\n`), {
        update,
        onRefused: (line, refusal) => refused.push(`${line}: ${sentenceOf(refusal)}`),
        onProgress: () => undefined,
      });
      return { counts, refused };
    },
  };
}

/** In small pieces, so that lines and letters are cut anywhere. */
async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += 37) yield all.subarray(at, at + 37);
}
