/**
 * What an authorization request asks for: which level, and how recent.
 *
 * Why so: `acr_values` is voluntary in OIDC Core, but RFC 9470 wants it met; whoever names
 * levels there or in an essential `acr` claim gets one of them, a higher one, or the error
 * `unmet_authentication_requirements`, never a token with a lower one. An `acr` claim that is
 * not essential is followed as far as a level is known, and never an error by itself (§5.5.1).
 */
import { errors, type ClaimsParameter, type KoaContextWithOIDC } from 'oidc-provider';

import { type Goal, higherOf, isAtLeast, lowestOf, type TrustRules } from '../assurance/levels.ts';
import { type Acr, acr } from '../assurance/proof.ts';
import { secondsAfter } from '../lib/clock.ts';
import { ACCOUNT_CLIENT } from './account-client.ts';

/** The part of the organisation's policy that sign-in itself obeys. */
export interface SignInPolicy extends TrustRules {
  readonly twoSteps: 'everyone' | 'when-asked';
  /** The levels that the methods switched on can prove. */
  readonly reachable: readonly Acr[];
}

/** An `acr` member of the `claims` parameter. */
export interface AcrClaim {
  readonly essential?: boolean;
  readonly value?: string;
  readonly values?: readonly string[];
}

export interface Asked {
  readonly acrValues?: string | undefined;
  /** Those of `id_token` and of `userinfo`: the level is one, wherever it is told. */
  readonly acrClaims?: readonly (AcrClaim | null | undefined)[];
  /** The app's own floor, from its registration. */
  readonly requiredAcr?: Acr | undefined;
}

/** The lowest level that satisfies request, app and policy; `unmet` when no method could prove it. */
export function requestedGoal(
  { acrValues = '', acrClaims = [], requiredAcr }: Asked,
  { twoSteps, reachable }: SignInPolicy,
): Pick<Goal, 'acr' | 'isPolicysOwn'> | 'unmet' {
  const lists = acrClaims.flatMap((claim) => (claim ? listsOf(claim) : []));
  const demands = [listed(acrValues.split(' ')), ...lists, listed(requiredAcr ?? [])];
  let wanted: Acr = acr.pwd;

  for (const { values, isWish } of demands) {
    if (values.length === 0) continue;
    const lowest = lowestOf(values);
    const isReachable = lowest !== undefined && reachable.includes(lowest);
    if (isReachable) wanted = higherOf(wanted, lowest);
    else if (!isWish) return 'unmet';
  }
  // What an app merely wishes for is not policy's own either.
  const isPolicysOwn = twoSteps === 'everyone' && !isAtLeast(wanted, acr.mfa);
  return isPolicysOwn ? { acr: acr.mfa, isPolicysOwn } : { acr: wanted };
}

/** `value` and `values` together are two demands. */
const listsOf = ({ essential, value, values }: AcrClaim) =>
  [value ?? [], values ?? []].map((list) => listed(list, essential !== true));

const listed = (values: string | readonly string[], isWish = false) => ({
  values: [values].flat().filter(Boolean),
  isWish,
});

/** The goal of the request in hand. Throws the error that the app is told when it is out of reach. */
export function goalOf(ctx: KoaContextWithOIDC, policy: SignInPolicy, now: Date): Goal {
  const { client, params } = ctx.oidc;
  const { id_token: idToken, userinfo } = claimsOf(ctx);
  const requested = requestedGoal(
    {
      acrValues: params?.acr_values as string | undefined,
      // Of these types: checkClaims, below, saw them first.
      acrClaims: [idToken?.acr, userinfo?.acr] as NonNullable<Asked['acrClaims']>,
      requiredAcr: client?.required_acr as Acr | undefined,
    },
    policy,
  );
  if (requested === 'unmet') {
    throw new errors.UnmetAuthenticationRequirements(
      'no method here can prove the requested level',
    );
  }

  const { trustSatisfies } = policy;
  const goal: Goal = { ...requested, ...(trustSatisfies && { trustSatisfies }) };
  const maxAge = params?.max_age as string | undefined;
  if (maxAge === undefined) return goal;
  const since = secondsAfter(now, -Number(maxAge));
  // Changing one's methods asks for the best of them anew, and not for all that was proved before.
  const isOurs = client?.clientId === ACCOUNT_CLIENT;
  return isOurs ? { ...goal, topSince: since, mayRecover: true } : { ...goal, notBefore: since };
}

/** As it was sent: with `acr_values` present, the library overwrites the `acr` claim in its own copy. */
export function claimsOf({ oidc }: KoaContextWithOIDC): ClaimsParameter {
  const sent = oidc.params?.claims;
  // Parsed and checked by the library and by checkClaims before anything else looks at it.
  return typeof sent === 'string' ? (JSON.parse(sent) as ClaimsParameter) : {};
}

/** Refuses what the library lets pass: odd types of members that decide something. */
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
