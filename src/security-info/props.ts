/**
 * From a change's step to its page: everything a view prints is made ready here.
 */
import { isSameWay } from '../assurance/way.ts';
import { addPage, type AddingPropsDeps, methodLines, recoveryCodes } from '../flow/adding-props.ts';
import { challengeProps, viewOf } from '../flow/challenge-props.ts';
import type { ShownPage } from '../flow/kind.ts';
import type { FlowPage } from '../flow/pages.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Account, Credential } from '../models/account.ts';
import type { MethodRules } from '../verification/choices.ts';
import { type AppListDeps, endAppPage } from './apps.ts';
import type { Change } from './change.ts';
import { calledBy, lineOf } from './method-of.ts';
import { beginsWithout, isRestorable, mayGo, type RemovalDeps } from './remove.ts';
import { listed, rowOf } from './rows.ts';
import { possibleDefaults } from './set-default.ts';
import type { Step } from './steps.ts';

export interface PropsDeps
  extends AddingPropsDeps, AppListDeps, MethodRules, Pick<RemovalDeps, 'least'> {
  readonly fewestCharacters: () => number;
  /** As pages name us. */
  readonly client: { readonly name: string };
}

export interface Shown {
  readonly state: Change;
  readonly step: Step;
  readonly csrf: string;
}

export async function pageFor({ state, step, csrf }: Shown, deps: PropsDeps): Promise<ShownPage> {
  const { flow, account } = state;
  const { name } = deps.client;
  const at = `/account/change/${flow._id}`;
  const base: Base = {
    ...{ at, csrf, client: { name }, isSignedIn: true },
    username: account?.username ?? '',
  };
  if (!account) return ['security-info/expired', {}];
  switch (step.name) {
    case 'choose-method':
      return chooseMethod(base, state, deps);
    case 'add':
      return addPage(base, state, deps);
    case 'answer':
      return answer(base, state, step.challenge, deps);
    case 'begin':
      return ['security-info/old-password', base];
    case 'new-password':
      return ['security-info/new-password', { ...base, ...newPassword(state, deps) }];
    case 'recovery-codes':
      return ['adding/recovery-codes', { ...base, ...recoveryCodes(state, step.sealed, deps) }];
    case 'added':
      return added(base, state, account, deps);
    case 'remove':
      return remove(base, account, deps, flow.request.credential);
    case 'end-app':
      return endAppPage(base, account._id, { ...deps, wanted: flow.request.credential });
    case 'rename':
      return rename(base, account, deps, flow.request.credential);
    case 'default':
      return ['security-info/default', { ...base, choices: defaults(account, deps) }];
    case 'codes':
      return ['security-info/make-codes', { ...base, ...leftOf(account, deps) }];
    case 'prove':
    case 'finish':
    case 'over':
      return ['security-info/continue', base];
    case 'expired':
      return ['security-info/expired', {}];
  }
}

type Base = FlowPage & { readonly username: string };

function chooseMethod(base: Base, { flow, addable }: Change, deps: PropsDeps): ShownPage {
  const isMoving = flow.request.act === 'move';
  const methods = methodLines(addable, deps);
  return ['security-info/choose-method', { ...base, methods, isMoving }];
}

/** What is set up is asked on its own page; nothing but the old password is asked besides. */
function answer(base: Base, state: Change, open: Challenge, deps: PropsDeps) {
  if (open.purpose === 'enrol') return addPage(base, state, { ...deps, open });
  const challenge = challengeProps(state.now, open, deps);
  return [viewOf(open.method, 'answer'), { ...base, challenge, hasOtherWays: false }] as ShownPage;
}

const newPassword = ({ flow }: Change, { fewestCharacters }: PropsDeps) => ({
  fewest: fewestCharacters(),
  ...(flow.facts.passwordFlaw !== undefined && { flaw: flow.facts.passwordFlaw }),
});

function added(base: Base, { flow }: Change, account: Account, deps: PropsDeps): ShownPage {
  const { method = '', credential = '' } = flow.facts.added ?? {};
  const isMoved = flow.request.act === 'move';
  const { hint } = lineOf(account, { method, credential }, deps);
  const named = hint !== undefined && { hint };
  return ['security-info/added', { ...base, method, isMoved, ...named }];
}

async function remove(
  base: Base,
  account: Account,
  deps: PropsDeps,
  wanted: string | undefined,
): Promise<ShownPage> {
  const credential = listed(account, deps).find(({ id }) => id === wanted);
  // Somebody was quicker: there is nothing left to ask.
  if (!credential) return ['security-info/continue', base];
  const { method, kind, variant, value } = await rowOf(credential, account, deps);
  const instead = beginsWithout(account, credential, deps);
  return [
    'security-info/remove',
    {
      ...{ ...base, method },
      ...(kind !== undefined && { kind }),
      ...(variant !== undefined && { variant }),
      ...(value !== undefined && { value }),
      isNeeded: !mayGo(account, credential, deps),
      mayUndo: isRestorable(credential, deps),
      ...(instead && { instead }),
    },
  ];
}

function rename(base: Base, account: Account, deps: PropsDeps, wanted?: string): ShownPage {
  const credential = account.credentials.find(({ id }) => id === wanted);
  if (!credential) return ['security-info/continue', base];
  const { method, hint = '' } = calledBy(credential, deps.methods);
  return ['security-info/rename', { ...base, method, name: hint }];
}

const defaults = (account: Account, deps: PropsDeps) =>
  possibleDefaults(account, deps).map(({ method, credential, hint, variant }) => ({
    ...{ method, credential },
    ...(hint !== undefined && { hint }),
    ...(variant !== undefined && { variant }),
    isDefault:
      account.preferred !== undefined && isSameWay(account.preferred, { method, credential }),
  }));

export function leftOf({ credentials }: Pick<Account, 'credentials'>, deps: AddingPropsDeps) {
  const lefts = credentials
    .filter(({ suspendedAt }) => !suspendedAt)
    .map((one: Credential) => deps.enrolment.leftIn(one));
  const left = lefts.find((each) => each !== undefined);
  return left === undefined ? {} : { left };
}
