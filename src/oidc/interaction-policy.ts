/**
 * When an authorization request may not be answered silently: the library's own policy, with
 * its checks of level and age replaced by ours, which ask `assurance`.
 *
 * Why so: the library enforces essential acr claims only, and demands equality, so a higher
 * level would be asked for again; and it counts max_age by the last step alone.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

import { whatIsLacking } from '../assurance/levels.ts';
import type { Clock } from '../lib/clock.ts';
import { isHintAtAnother } from './claims.ts';
import { goalOf, type SignInPolicy } from './requested-assurance.ts';
import type { Sessions } from './session.ts';

const { Check, Prompt } = interactionPolicy;

export type InteractionPolicy = ReturnType<typeof createInteractionPolicy>;

export interface PolicyDeps {
  readonly sessions: Sessions;
  readonly policy: () => SignInPolicy | Promise<SignInPolicy>;
  readonly clock: Clock;
}

export function createInteractionPolicy({ sessions, policy, clock }: PolicyDeps) {
  const prompts = interactionPolicy.base();
  const login = prompts.get('login');
  if (!login) throw new Error('oidc-provider no longer has a login prompt');

  for (const reason of ['max_age', 'essential_acr', 'essential_acrs']) login.checks.remove(reason);
  login.checks.add(accountGone());
  login.checks.add(hintedAtAnother());
  login.checks.add(passwordDue());
  login.checks.add(tooOld());
  login.checks.add(tooLow());
  prompts.add(selectAccount(), 1);

  const consent = prompts.get('consent');
  consent?.checks.remove('native_client_prompt');
  consent?.checks.add(nativeClient());

  /** Whether anything but consent must be asked first, so that no grant is made before. */
  async function isSignInPending(ctx: KoaContextWithOIDC): Promise<boolean> {
    for (const prompt of prompts.filter(({ name }) => name !== 'consent')) {
      for (const { check } of prompt.checks) if (await check(ctx)) return true;
    }
    return false;
  }

  return { prompts, isSignInPending };

  /** Without it, a disabled account's session would reach checks that count on an account. */
  function accountGone() {
    const isGone = ({ oidc }: KoaContextWithOIDC) =>
      oidc.session?.accountId !== undefined && oidc.account === undefined;
    return new Check('account_gone', 'the account is not available', 'login_required', isGone);
  }

  /** A session of Ada is no answer for an app that expects Bob. */
  function hintedAtAnother() {
    const reason = 'another account was hinted at';
    return new Check(
      'login_hint',
      reason,
      'login_required',
      (ctx) => !ctx.oidc.result?.login && isHintAtAnother(ctx),
    );
  }

  /** Nobody is let in silently whose password others may know, nor before it is changed. */
  function passwordDue() {
    const reason = 'the password must be changed';
    const isDue = ({ oidc }: KoaContextWithOIDC) => oidc.account?.isPasswordDue === true;
    return new Check('password_due', reason, 'login_required', isDue);
  }

  function tooOld() {
    return new Check(
      'max_age',
      'the last sign-in is too long ago',
      'login_required',
      async (ctx) => {
        if (ctx.oidc.result?.login) return false; // done just now, and measuring again could go on for ever
        // What was never proved is not old: an app that allows no prompt is told of the level.
        return (await lacking(ctx, 'recent')) > (await lacking(ctx, 'at any time'));
      },
    );
  }

  function tooLow() {
    const reason = 'a stronger sign-in is needed';
    return new Check('level', reason, 'interaction_required', async (ctx) => {
      sessions.reassess(ctx);
      if ((await lacking(ctx, 'at any time')) === 0) return false;
      // The sign-in should not have finished like this: an error ends it, asking again would not.
      if (ctx.oidc.result?.login) throw new errors.UnmetAuthenticationRequirements(reason);
      return true;
    });
  }

  /** How many proofs are missing. */
  async function lacking(ctx: KoaContextWithOIDC, when: 'recent' | 'at any time') {
    const now = clock.now();
    const recent = goalOf(ctx, await policy(), now);
    const { notBefore: _, topSince: __, ...atAnyTime } = recent;
    const goal = when === 'recent' ? recent : atAnyTime;
    return whatIsLacking(goal, sessions.proofsOf(ctx), now).length;
  }
}

/**
 * Another program may pose as a native app, so its user must have been asked something
 * (RFC 8252 §8.6). The library's check counts consent alone; a sign-in will do as well.
 */
function nativeClient() {
  const reason = 'native clients require End-User interaction';
  return new Check(
    'native_client_prompt',
    reason,
    'interaction_required',
    ({ oidc }) =>
      oidc.client?.applicationType === 'native' && !oidc.result?.consent && !oidc.result?.login,
  );
}

/** `prompt=select_account`; a sign-in finished in this very request is a choice made. */
function selectAccount() {
  const prompt = new Prompt({ name: 'select_account', requestable: true });
  prompt.checks.clear();
  prompt.checks.add(
    new Check(
      'select_account_prompt',
      'an account must be chosen',
      'account_selection_required',
      ({ oidc }) => oidc.prompts.has('select_account') && !oidc.result?.login,
    ),
  );
  return prompt;
}
