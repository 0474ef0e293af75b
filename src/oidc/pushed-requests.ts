/**
 * A pushed request is of the app that pushed it (RFC 9126 §2.2), and answered once (§4), whatever
 * the answer is. The library counts the answers that are a success; here a refusal counts as well,
 * or going back would ask the person again, and the app would hear of something that it has put
 * away. Until then a reload may open it again. The middleware belongs right around the provider.
 */
import type { Middleware } from 'koa';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';

type Oidc = KoaContextWithOIDC['oidc'];
type Pushed = InstanceType<Provider['PushedAuthorizationRequest']>;
type Find = (id: string, options?: object) => Promise<Pushed | undefined>;

/**
 * For others it is not there. The library compares too late: it has told them its `state` by then,
 * and what it answers them would spend it.
 */
export function keepPushedRequestsApart({ PushedAuthorizationRequest }: Provider): void {
  // Every Provider makes its own class, so this changes no other.
  const requests = PushedAuthorizationRequest as unknown as { find: Find };
  const find = requests.find.bind(requests);
  requests.find = async (...sought) => {
    const found = await find(...sought);
    const asking = Provider.ctx?.oidc.client;
    return found && asking && pusherOf(found) !== asking.clientId ? undefined : found;
  };
}

/** What is stored is a JWT that the library made or checked, with the app as its issuer. */
function pusherOf({ request }: Pushed): unknown {
  const [, payload = ''] = request.split('.');
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown }).iss;
}

export const spendPushedRequests: Middleware = async (ctx, next) => {
  await next();
  // Where the provider did not take the request, it left nothing behind.
  const { oidc } = ctx as Partial<KoaContextWithOIDC>;
  if (oidc && isForApp(oidc, ctx.response.get('Location'))) await spend(oidc);
};

/** By a redirect, or by a form that the library made for the app's address. */
function isForApp({ route, issuer, params, redirectUriCheckPerformed }: Oidc, location: string) {
  if (route !== 'authorization' && route !== 'resume') return false;
  if (location) return new URL(location, issuer).origin !== new URL(issuer).origin;
  return redirectUriCheckPerformed === true && params?.response_mode === 'form_post';
}

async function spend({ entities, provider }: Oidc): Promise<void> {
  if (entities.AuthorizationCode) return;
  const { PushedAuthorizationRequest: pushed, Interaction: interaction } = entities;
  // The library's types leave it out: what an interaction began with.
  const { parJti } = (interaction ?? {}) as { readonly parJti?: string };
  const id = pushed?.jti ?? parJti;
  const found = id === undefined ? undefined : await provider.PushedAuthorizationRequest.find(id);
  if (!found || found.consumed) return;
  try {
    await found.consume();
  } catch (error) {
    // Another tab was answered at this very moment.
    if (!(error instanceof errors.InvalidRequestUri)) throw error;
  }
}
