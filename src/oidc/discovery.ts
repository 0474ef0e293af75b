/**
 * What the discovery document says of levels: only those that the methods switched on now can
 * prove. The library keeps one list for ever, and policy changes while it runs.
 */
import type Provider from 'oidc-provider';

import type { SignInPolicy } from './requested-assurance.ts';

export function tellReachableLevels(
  provider: Provider,
  policy: () => SignInPolicy | Promise<SignInPolicy>,
): void {
  provider.use(async (ctx, next) => {
    await next();
    // Set by the library for its own routes only.
    const { oidc } = ctx as { oidc?: { route?: string } };
    if (oidc?.route !== 'discovery') return;
    const { reachable } = await policy();
    ctx.body = { ...(ctx.body as object), acr_values_supported: reachable };
  });
}
