/**
 * The options by which doorstep clients says what an app is to be.
 */
import { readFile } from 'node:fs/promises';

import type { ClientWishes } from '../../src/administration/client-wishes.ts';
import { reasonOption } from './reason.ts';
import { Mistake, Misuse } from './run.ts';

export const wished = {
  name: { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true },
  'sign-out-uri': { type: 'string', multiple: true },
  'client-uri': { type: 'string' },
  'first-party': { type: 'boolean' },
  'no-pkce': { type: 'boolean' },
  'logout-notice-uri': { type: 'string' },
  acr: { type: 'string' },
  scope: { type: 'string', multiple: true },
  'id-token-claims': { type: 'boolean' },
  'id-token-alg': { type: 'string' },
  jwks: { type: 'string' },
  'jwks-uri': { type: 'string' },
  ...reasonOption,
} as const;

export const wishedHelp = `
  --redirect-uri <address>   where people come back to; may be given several times
  --name "The Shop"          as pages call it; otherwise its id
  --sign-out-uri <address>   where people go after signing out; may be given several times
  --client-uri <address>     where people open it: pages of ours lead back there
  --first-party              ours: nobody is asked for consent
  --no-pkce                  an app with a secret or keys that knows no PKCE; the list says so
  --logout-notice-uri <address>   told of every sign-out (back-channel logout)
  --acr <level>              never let in below this level
  --scope groups|roles       may ask for them; may be given several times
  --id-token-claims          says in the ID token what userinfo would, for apps that never ask
  --id-token-alg <algorithm> RS256, which every library knows, or ES256, which costs less
  --jwks <file>              its public keys, a JSON Web Key Set
  --jwks-uri <address>       where it keeps them, over https; they are kept up to ten minutes
  --reason <why>             kept in the audit`;

interface Values {
  readonly name?: string;
  readonly 'redirect-uri'?: readonly string[];
  readonly 'sign-out-uri'?: readonly string[];
  readonly 'client-uri'?: string;
  readonly 'first-party'?: boolean;
  readonly 'no-pkce'?: boolean;
  readonly 'logout-notice-uri'?: string;
  readonly acr?: string;
  readonly scope?: readonly string[];
  readonly 'id-token-claims'?: boolean;
  readonly 'id-token-alg'?: string;
  readonly jwks?: string;
  readonly 'jwks-uri'?: string;
}

export async function wishesFrom(values: Values): Promise<ClientWishes> {
  const { jwks } = values;
  return {
    ...(values.name !== undefined && { name: values.name }),
    ...(values['redirect-uri'] && { redirectUris: values['redirect-uri'] }),
    ...(values['sign-out-uri'] && { signOutUris: values['sign-out-uri'] }),
    ...(values['client-uri'] !== undefined && { clientUri: values['client-uri'] }),
    ...(values['first-party'] !== undefined && { firstParty: values['first-party'] }),
    ...(values['no-pkce'] && { isPkceLeftOut: true }),
    ...(values['logout-notice-uri'] !== undefined && {
      logoutNoticeUri: values['logout-notice-uri'],
    }),
    ...(values.acr !== undefined && { acr: values.acr }),
    ...(values.scope && { scopes: values.scope }),
    ...(values['id-token-claims'] && { idTokenClaims: true }),
    ...(values['id-token-alg'] !== undefined && { idTokenAlg: values['id-token-alg'] }),
    ...(jwks !== undefined && { jwks: await jsonIn(jwks) }),
    ...(values['jwks-uri'] !== undefined && { jwksUri: values['jwks-uri'] }),
  };
}

async function jsonIn(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Mistake(`"${path}" cannot be read.`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Mistake(`"${path}" is no JSON, so no JSON Web Key Set.`);
  }
}

/** By its keys where it has any, unless it is to have a secret beside them. */
export function proofFrom(values: {
  readonly public?: boolean;
  readonly native?: boolean;
  readonly jwks?: string;
  readonly 'jwks-uri'?: string;
  readonly 'with-secret'?: boolean;
}): 'none' | 'secret' | 'keys' {
  if (values.public || values.native) return 'none';
  const hasKeys = values.jwks !== undefined || values['jwks-uri'] !== undefined;
  if (values['with-secret'] && !hasKeys) {
    throw new Misuse('--with-secret is for an app with keys; one without has a secret anyway.');
  }
  return hasKeys && !values['with-secret'] ? 'keys' : 'secret';
}
