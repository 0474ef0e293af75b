/**
 * oidc-provider as this house has it: what it is given of the others, for compose.ts.
 */
import type { createHourly } from './audit/hourly.ts';
import type { OpenDoor } from './compose-door.ts';
import type { createGrants } from './oidc/grants.ts';
import { createProvider } from './oidc/provider.ts';
import type { SignInPolicy } from './oidc/requested-assurance.ts';
import type { createSessions } from './oidc/session.ts';
import { trustIn } from './policy/shape.ts';
import type { AppDeps, Rooms } from './services.ts';
import type { createStart } from './sign-in/start.ts';
import { reachableLevels } from './verification/choices.ts';
import type { createVisits } from './visits.ts';

interface Providing {
  readonly door: OpenDoor;
  readonly visitOf: ReturnType<typeof createVisits>['visitOf'];
  readonly sessions: ReturnType<typeof createSessions>;
  readonly grants: ReturnType<typeof createGrants>;
  readonly start: ReturnType<typeof createStart>;
  readonly recordHourly: ReturnType<typeof createHourly>;
}

export function createOwnProvider(
  { settings, clock }: Pick<AppDeps, 'settings' | 'clock'>,
  house: Rooms,
  { door, visitOf, sessions, grants, start, recordHourly }: Providing,
) {
  const { records, payloads, logoutNotices, clients, accounts, languages } = house;
  return createProvider({
    issuer: settings.issuer,
    ...{ records, payloads, sessions, grants, clock, logoutNotices, clients, people: accounts },
    settings: settings.oidc,
    jwks: settings.secrets.jwks,
    cookieKeys: settings.secrets.cookieKeys,
    policy: () => signInPolicy(house, door),
    flows: { start: (request, ctx) => start(request, visitOf(ctx)) },
    reused: ({ ctx, account, ...details }) =>
      recordHourly('refresh-token.replayed', { details, account, from: visitOf(ctx).from }),
    whereFrom(ctx) {
      const { address, browser } = visitOf(ctx).from;
      return { address, ...(browser !== undefined && { browser }) };
    },
    uiLocales: languages.available,
  });
}

/** The levels that can be reached by what is on, as every request asks anew. */
const signInPolicy = async ({ policy }: Rooms, door: OpenDoor): Promise<SignInPolicy> => ({
  twoSteps: (await policy.read()).twoSteps,
  reachable: reachableLevels(door),
  ...trustIn(policy.current()),
});
