/**
 * Everything that administrators do, put together once: for the command line, and for whatever
 * asks from inside the service, which makes one for each request. Each function is one act; who
 * asks only says what came of it.
 */
import { levelsWithin } from '../assurance/levels.ts';
import { createAccountDirectory } from '../models/account-directory.ts';
import { fewestCharacters } from '../policy/shape.ts';
import { usable } from '../verification/choices.ts';
import { createAccountAdministration } from './accounts.ts';
import { createAuditAdministration } from './audit.ts';
import { checkEverything, type Finding } from './check/check.ts';
import { createClientAdministration } from './clients.ts';
import type { AdministrationServices } from './deps.ts';
import { aroundEach } from './each-act.ts';
import { createExport } from './export.ts';
import { createImport } from './import.ts';
import { createMemberships } from './memberships.ts';
import { createMethodAdministration } from './methods.ts';
import { createPasswordAdministration } from './passwords.ts';
import { createPeople } from './people.ts';
import { createPolicyAdministration } from './policy.ts';
import { type Administrator, createTelling } from './telling.ts';

export type Administration = ReturnType<typeof createAdministration>;

export const createAdministration = (
  services: AdministrationServices,
  administrator: Administrator,
) =>
  aroundEach(actsOf(services, administrator), async (_, act) => {
    // Acts ask what is in force without waiting.
    await services.policy.read();
    return act();
  });

function actsOf(services: AdministrationServices, administrator: Administrator) {
  const { settings, policy, accounts, policies, channels } = services;
  const telling = createTelling({ audit: services.audit, administrator });
  const people = createPeople(services);
  const directory = createAccountDirectory(accounts);
  const { jwks } = settings.secrets;
  // What is away just now is no fault of a registration or of what is stored.
  const { methods, availability } = services.methodRules;
  const rules = { methods, availability: { ...availability, isAway: () => false } };
  const deps = {
    ...{ ...services, people, directory, telling },
    organisation: settings.organisation.name,
    fewestCharacters: () => fewestCharacters(policy.current()),
    phoneCountries: () => policy.current().phoneCountries,
  };

  return {
    accounts: {
      ...createAccountAdministration(deps),
      import: createImport(deps),
      export: createExport(deps),
    },
    passwords: createPasswordAdministration(deps),
    methods: createMethodAdministration(deps),
    roles: createMemberships('roles', deps),
    groups: createMemberships('groups', deps),
    clients: createClientAdministration({
      ...{ ...services, telling, jwks },
      reachable: () => levelsWithin(usable('sign-in', rules)),
    }),
    policy: createPolicyAdministration({
      ...{ policies, policy, telling },
      author: administrator.name ?? administrator.by,
      hasChannel: (name) => channels[name] !== undefined,
    }),
    audit: createAuditAdministration(services),
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
