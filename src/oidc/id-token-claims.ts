/**
 * For apps that never ask userinfo and are registered so: their ID tokens say what their scopes
 * allow. The library knows this for all apps or none.
 */
import type { Provider } from 'oidc-provider';

type IdToken = InstanceType<Provider['IdToken']>;
/** The library's types leave it out: `openid` alone, where there is a userinfo to ask. */
type Scoped = IdToken & { scope?: string };
type Issue = (this: Scoped, options: Parameters<IdToken['issue']>[0]) => Promise<string>;

export function tellInIdToken(provider: Provider): void {
  // Every Provider makes its own class, so this changes no other.
  const prototype = provider.IdToken.prototype as unknown as { issue: Issue };
  const { issue } = prototype;
  prototype.issue = async function (options) {
    if (options.use === 'idtoken' && this.client.id_token_claims === true) {
      // What the access token beside it may ask userinfo for.
      const granted = this.ctx.oidc.entities.AccessToken?.scope;
      if (granted) this.scope = granted;
    }
    return issue.call(this, options);
  };
}
