/**
 * From the library's interaction to what a sign-in flow must know: a pure translation. The
 * flow keeps it, so that no later page has to ask the library again.
 */
import { errors, type Interaction, type KoaContextWithOIDC } from 'oidc-provider';

import type { Goal } from '../assurance/levels.ts';
import type { Proof } from '../assurance/proof.ts';
import { LONGEST_IDENTIFIER } from '../models/account.ts';
import { recordId } from '../models/oidc-record.ts';
import { isHintAtAnother } from './claims.ts';
import { isFirstParty } from './client-metadata.ts';
import { claimsOf } from './requested-assurance.ts';

export interface FlowRequest {
  readonly uid: string;
  readonly clientId: string;
  readonly clientName: string;
  readonly logo?: string;
  /** Where the app is opened. */
  readonly home?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  /** Ours: never asked for consent. */
  readonly firstParty: boolean;
  /** Where the browser ends up. */
  readonly redirectUri: string;
  readonly goal: Goal;
  /** Why we ask: `login`, `select_account` or `consent`, and those that the app asked for. */
  readonly prompts: readonly string[];
  readonly loginHint?: string;
  /** Only this account will do (`id_token_hint`, `claims.id_token.sub`); others end in `login_required`. */
  readonly expectedAccount?: string;
  /** Who is signed in in this browser, if that is of use here. */
  readonly sessionAccount?: string;
  /** The record of the browser's session, which must be there when the browser comes back. */
  readonly sessionRecord?: string;
  /** What that session's account proved and what still counts; empty without `sessionAccount`. */
  readonly proofs: readonly Proof[];
  readonly scopes: readonly string[];
  /** Names from the `claims` parameter. */
  readonly claims: readonly string[];
  /** The grant that consent is added to. */
  readonly grantId?: string;
  readonly uiLocales: readonly string[];
}

/** What the translation cannot read from the interaction. */
export interface Known {
  readonly goal: Goal;
  readonly proofs: readonly Proof[];
  readonly now: Date;
}

const MOST_LOCALES = 10;

export function flowRequest(
  ctx: KoaContextWithOIDC,
  { uid, prompt, session, grantId }: Pick<Interaction, 'uid' | 'prompt' | 'session' | 'grantId'>,
  { goal, proofs, now }: Known,
): FlowRequest {
  const { oidc } = ctx;
  const { client } = oidc;
  if (!client) throw new Error('an interaction without a client');

  const prompts = [...new Set([prompt.name, ...oidc.prompts])];
  const expectedAccount = onlyAccount(ctx);
  const sessionAccount = usableSession(ctx, expectedAccount);
  return {
    uid,
    clientId: client.clientId,
    clientName: client.clientName ?? client.clientId,
    firstParty: isFirstParty(client),
    redirectUri: text(oidc.params?.redirect_uri) ?? '',
    goal:
      prompts.includes('login') && oidc.prompts.has('login') ? { ...goal, notBefore: now } : goal,
    prompts,
    proofs: sessionAccount === undefined ? [] : proofs,
    scopes: [...oidc.requestParamOIDCScopes],
    claims: [...oidc.requestParamClaims],
    uiLocales: text(oidc.params?.ui_locales)?.split(' ').slice(0, MOST_LOCALES) ?? [],
    // Absent rather than undefined: the database would keep null.
    ...(client.logoUri !== undefined && { logo: client.logoUri }),
    ...(client.clientUri !== undefined && { home: client.clientUri }),
    ...(client.policyUri !== undefined && { policyUri: client.policyUri }),
    ...(client.tosUri !== undefined && { tosUri: client.tosUri }),
    ...hinted(text(oidc.params?.login_hint)),
    ...(expectedAccount !== undefined && { expectedAccount }),
    ...(sessionAccount !== undefined && { sessionAccount }),
    ...(session?.uid !== undefined && { sessionRecord: recordId('Session', session.uid) }),
    ...(grantId !== undefined && { grantId }),
  };
}

/** Two hints at two accounts can never be met, and asking would go on for ever. */
function onlyAccount(ctx: KoaContextWithOIDC): string | undefined {
  const hinted = text(ctx.oidc.entities.IdTokenHint?.payload.sub);
  const claimed = claimsOf(ctx).id_token?.sub?.value;
  if (hinted !== undefined && claimed !== undefined && hinted !== claimed) {
    throw new errors.LoginRequired('id_token_hint and claims name different accounts');
  }
  return hinted ?? claimed;
}

/** A session helps only if its account is still there and may be the one that is asked for. */
function usableSession(ctx: KoaContextWithOIDC, expected: string | undefined) {
  const account = ctx.oidc.account?.accountId;
  if (isHintAtAnother(ctx)) return undefined;
  return expected === undefined || account === expected ? account : undefined;
}

const hinted = (loginHint: string | undefined) =>
  loginHint === undefined || loginHint.length > LONGEST_IDENTIFIER ? {} : { loginHint };

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
