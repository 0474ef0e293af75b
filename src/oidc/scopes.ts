/**
 * What an app may be told only where an administrator allows it: groups and roles say how a house
 * is run. Not allowed, they are ignored like any scope that nobody knows (RFC 6749 §3.3); and by
 * name (`claims`) nobody gets them, because consent names scopes.
 */
import type { Client, Provider } from 'oidc-provider';

export const limitedScopes = ['groups', 'roles'] as const;

type Limited = (typeof limitedScopes)[number];

export const isLimited = (scope: unknown): scope is Limited =>
  limitedScopes.some((limited) => limited === scope);

const isAllowed = (client: Client | undefined, scope: string): boolean =>
  !isLimited(scope) ||
  (Array.isArray(client?.allowed_scopes) && client.allowed_scopes.includes(scope));

/** Which of them this app is told now; what was granted before may be allowed no more. */
export const toldBy = (client: Client | undefined, scope: string): readonly Limited[] =>
  scope
    .split(' ')
    .filter(isLimited)
    .filter((each) => isAllowed(client, each));

/** Has the library see no other: in consent, grants and tokens. */
export function keepToAllowedScopes(provider: Provider): void {
  // Every Provider makes its own class, so this changes no other.
  const { prototype } = provider.OIDCContext;
  const name = 'requestParamOIDCScopes';
  const theirs = Object.getOwnPropertyDescriptor(prototype, name);
  if (!theirs?.get) throw new Error(`oidc-provider no longer has ${name}`);
  Object.defineProperty(prototype, name, {
    get(this: InstanceType<Provider['OIDCContext']>) {
      const asked = theirs.get?.call(this) as ReadonlySet<string>;
      return new Set([...asked].filter((scope) => isAllowed(this.client, scope)));
    },
  });
}
