/**
 * The acts of administrators, put together once. Each function is one act; who asks only says
 * what came of it.
 */
import { levelsWithin } from '../assurance/levels.ts';
import { createAccountDirectory } from '../models/account-directory.ts';
import { everyDocument } from '../models/survey.ts';
import { fewestCharacters } from '../policy/shape.ts';
import { usable } from '../verification/choices.ts';
import { createAccountAdministration } from './accounts.ts';
import type { Administrator } from './administrator.ts';
import { createAuditAdministration } from './audit.ts';
import { createBrowserAdministration } from './browsers.ts';
import { checkEverything, type Finding } from './check/check.ts';
import { createClientAdministration } from './clients.ts';
import type { AdministrationServices } from './deps.ts';
import { createExplain } from './explanations.ts';
import { createExport } from './export.ts';
import { createImport } from './import.ts';
import { createMemberships } from './memberships.ts';
import { createMethodAdministration } from './methods.ts';
import { createPassAdministration } from './passes.ts';
import { createPasswordAdministration } from './passwords.ts';
import { createPeople } from './people.ts';
import { createPolicyAdministration } from './policy.ts';
import { createListToRegisterAgain, createRegisterAgain } from './register-again.ts';
import type { Telling } from './telling.ts';

export interface ActsServices extends AdministrationServices {
  readonly telling: Telling;
}

export function acts(services: ActsServices, administrator: Administrator) {
  const { settings, policy, accounts, policies, channels, telling } = services;
  const people = createPeople(services, administrator);
  const directory = createAccountDirectory(accounts);
  const { jwks } = settings.secrets;
  const { methods, availability } = services.methodRules;
  // What is away just now is no fault of a registration or of what is stored.
  const rules = { methods, availability: { ...availability, awayBecause: () => undefined } };
  const deps = {
    ...{ ...services, people, directory },
    organisation: settings.organisation.name,
    fewestCharacters: () => fewestCharacters(policy.current()),
    phoneCountries: () => policy.current().phoneCountries,
  };

  return {
    accounts: {
      ...createAccountAdministration(deps),
      import: createImport(deps),
      export: createExport(deps),
      explain: createExplain(deps),
    },
    passwords: createPasswordAdministration(deps),
    methods: {
      ...createMethodAdministration({ ...deps, rules }),
      listToRegisterAgain: createListToRegisterAgain(deps),
      registerAgain: createRegisterAgain(deps),
    },
    passes: createPassAdministration({ ...deps, rules }),
    browsers: createBrowserAdministration({
      ...deps,
      trustedBrowserDays: () => policy.current().trustedBrowsers.days,
    }),
    roles: createMemberships('roles', { ...deps, policy: () => policy.current(), rules }),
    groups: createMemberships('groups', { ...deps, policy: () => policy.current(), rules }),
    clients: createClientAdministration({
      ...{ ...services, jwks },
      reachable: () => levelsWithin(usable('sign-in', rules)),
    }),
    policy: createPolicyAdministration({
      ...{ policies, policy, telling, rules },
      accounts: () => everyDocument(accounts.model),
      author: administrator.name ?? administrator.by,
      hasChannel: (name) => channels[name] !== undefined,
    }),
    audit: createAuditAdministration({ ...services, directory }),
    checks: {
      /** Looks for what must never be, and changes nothing. */
      run: (): AsyncGenerator<Finding> =>
        checkEverything({
          ...{ ...services, jwks, rules },
          needsTwoSteps: policy.current().twoSteps === 'everyone',
        }),
    },
  };
}
