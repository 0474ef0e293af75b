/**
 * Everything that administrators do, for one of them: the acts, each only for whom it is meant.
 * The command line has one of these; the service may make one for each request.
 */
import { acts } from './acts.ts';
import type { Administrator } from './administrator.ts';
import type { AdministrationServices } from './deps.ts';
import { aroundEach } from './each-act.ts';
import { isAllowed } from './may-do.ts';
import { isRefusalOf, Refusal } from './refusal.ts';
import { createTelling } from './telling.ts';

export type Administration = ReturnType<typeof createAdministration>;

export function createAdministration(
  services: AdministrationServices,
  administrator: Administrator,
) {
  const telling = createTelling({ audit: services.audit, administrator });

  return aroundEach(acts({ ...services, telling }, administrator), async (name, act) => {
    try {
      if (!isAllowed(administrator, name)) throw new Refusal('not-allowed', {});
      // Acts ask what is in force without waiting.
      await services.policy.read();
      return await act();
    } catch (error) {
      if (isRefusalOf('not-allowed', error)) await telling.refused(name, error.details.account);
      throw error;
    }
  });
}
