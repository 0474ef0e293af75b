/**
 * What the library knows for all apps or none, about ID tokens: that those of one app say what
 * its scopes allow, because it never asks userinfo; and that a token which was signed before an
 * app changed its algorithm still names its owner (`id_token_hint`).
 */
import type { Client, Provider } from 'oidc-provider';

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

/** Those that the keys in our key set sign with. */
const asymmetric = ['RS256', 'PS256', 'ES256'];

export function acceptHintsOfEveryKey({ IdToken }: Provider): void {
  const validate = IdToken.validate.bind(IdToken);
  IdToken.validate = async (jwt: string, client: Client) => {
    const alg = algorithmOf(jwt);
    if (alg === undefined || !asymmetric.includes(alg)) return validate(jwt, client);
    const then = Object.create(client, { idTokenSignedResponseAlg: { value: alg } }) as Client;
    return validate(jwt, then);
  };
}

/** As its header has it; undefined where that cannot be read. */
function algorithmOf(jwt: string): string | undefined {
  try {
    const [header = ''] = jwt.split('.');
    const said: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    const { alg } = Object(said) as { readonly alg?: unknown };
    return typeof alg === 'string' ? alg : undefined;
  } catch {
    return undefined;
  }
}
