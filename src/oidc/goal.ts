/**
 * What an authorization request asks for: which level, and how recent.
 *
 * Why so (D-6): `acr_values` and `acr` in the `claims` parameter are voluntary in OIDC Core,
 * but RFC 9470 wants them met; whoever names a level gets it, a higher one, or the error
 * `unmet_authentication_requirements`, never a token with a lower one.
 */
import { errors, type ClaimsParameter, type KoaContextWithOIDC } from 'oidc-provider';

import { type Goal, higherOf, lowestOf } from '../assurance/levels.ts';
import { type Acr, acr } from '../assurance/proof.ts';
import { secondsAfter } from '../lib/clock.ts';

/** The part of the organisation's policy that sign-in itself obeys. */
export interface SignInPolicy {
  readonly twoSteps: 'everyone' | 'when-asked';
}

export interface Asked {
  readonly acrValues?: string | undefined;
  /** The `acr` member of the `claims` parameter's `id_token`. */
  readonly acrClaim?:
    { readonly value?: string; readonly values?: readonly string[] } | null | undefined;
  /** The app's own floor, from its registration. */
  readonly requiredAcr?: Acr | undefined;
}

/** The lowest level that satisfies request, app and policy; `unmet` when no level ever could. */
export function requestedGoal(asked: Asked, { twoSteps }: SignInPolicy): { acr: Acr } | 'unmet' {
  let wanted: Acr = twoSteps === 'everyone' ? acr.mfa : acr.pwd;
  if (asked.requiredAcr) wanted = higherOf(wanted, asked.requiredAcr);

  for (const listed of listsOf(asked)) {
    const lowest = lowestOf(listed);
    if (!lowest) return 'unmet';
    wanted = higherOf(wanted, lowest);
  }
  return { acr: wanted };
}

function listsOf({ acrValues, acrClaim }: Asked): string[][] {
  const fromClaims = [acrClaim?.value ?? [], acrClaim?.values ?? []].flat();
  const lists = [acrValues?.split(' ').filter(Boolean) ?? [], fromClaims];
  return lists.filter((list) => list.length > 0);
}

/** The goal of the request in hand. Throws the error that the app is told when it is out of reach. */
export function goalOf(ctx: KoaContextWithOIDC, policy: SignInPolicy, now: Date): Goal {
  const { client, params } = ctx.oidc;
  const goal = requestedGoal(
    {
      acrValues: params?.acr_values as string | undefined,
      acrClaim: claimsOf(ctx).id_token?.acr as Asked['acrClaim'],
      requiredAcr: client?.required_acr as Acr | undefined,
    },
    policy,
  );
  if (goal === 'unmet') {
    throw new errors.UnmetAuthenticationRequirements('none of the requested levels is known here');
  }

  const maxAge = params?.max_age as string | undefined;
  return maxAge === undefined ? goal : { ...goal, notBefore: secondsAfter(now, -Number(maxAge)) };
}

/** As it was sent: with `acr_values` present, the library overwrites the `acr` claim in its own copy. */
export function claimsOf({ oidc }: KoaContextWithOIDC): ClaimsParameter {
  const sent = oidc.params?.claims;
  // Parsed and checked by the library and by checkClaims before anything else looks at it.
  return typeof sent === 'string' ? (JSON.parse(sent) as ClaimsParameter) : {};
}

/** Refuses what the library lets pass: odd types of members that decide something (S-047). */
export function checkClaims(_ctx: KoaContextWithOIDC, claims: ClaimsParameter): void {
  for (const part of ['userinfo', 'id_token'] as const) {
    for (const [name, member] of Object.entries(claims[part] ?? {})) {
      // Typed as an object or null, but it is whatever the app sent.
      const problem = problemOf(member, name === 'acr' || name === 'sub');
      if (problem) throw new errors.InvalidRequest(`claims.${part} ${problem}`);
    }
  }
}

function problemOf(member: unknown, mustBeText: boolean): string | undefined {
  if (member === null) return undefined;
  if (typeof member !== 'object' || Array.isArray(member)) return 'members must be null or objects';
  const { essential, value, values } = member as Record<string, unknown>;
  if (essential !== undefined && typeof essential !== 'boolean')
    return 'essential must be a boolean';
  if (!mustBeText) return undefined;
  if (value !== undefined && !isText(value)) return 'value must be a string';
  const isList = Array.isArray(values) && values.length > 0 && values.every(isText);
  return values === undefined || isList ? undefined : 'values must be a list of strings';
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
