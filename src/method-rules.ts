/**
 * Which methods there are here, and whether each could work: one answer for sign-ins, for the
 * checks and for administration.
 */
import type { Channels } from './channels/index.ts';
import type { Settings } from './config/schema.ts';
import type { PasswordHasher } from './credentials/password-hasher.ts';
import type { Clock } from './lib/clock.ts';
import { createCodes } from './lib/codes.ts';
import type { Crypt } from './lib/crypt.ts';
import { createMethods } from './methods/index.ts';
import type { PolicyInForce } from './policy/policy.ts';
import { methodRulesOf } from './policy/shape.ts';
import { createAvailability } from './verification/availability.ts';
import { createLimits, type Limits } from './verification/rate-limits/limits.ts';

export interface MethodRulesDeps {
  readonly settings: Pick<Settings, 'issuer' | 'organisation' | 'methods' | 'limits'>;
  readonly crypt: Crypt;
  readonly clock: Clock;
  readonly hasher: PasswordHasher;
  readonly policy: Pick<PolicyInForce, 'current'>;
  readonly channels: Channels;
}

export function createMethodRules(deps: MethodRulesDeps) {
  const { settings, crypt, clock, hasher, policy, channels } = deps;
  const codes = createCodes(crypt);
  const { voice } = channels;
  const site = { issuer: settings.issuer, name: settings.organisation.name };
  const methods = createMethods(settings.methods, { clock, codes, passwords: hasher, site, voice });
  const limits = limitsOf(settings);
  const availability = createAvailability({
    ...{ methods, channels, limits, clock },
    ...methodRulesOf(() => policy.current()),
  });
  return { methods, availability, limits };
}

function limitsOf({ limits, methods }: Pick<Settings, 'methods' | 'limits'>): Limits {
  const { validForSeconds: openSeconds } = methods.approve;
  return createLimits({ ...limits, approvals: { ...limits.approvals, openSeconds } });
}
