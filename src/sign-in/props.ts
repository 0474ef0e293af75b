/**
 * From a step to its page: everything a view prints is made ready here.
 */
import { isSameWay, type Way } from '../assurance/way.ts';
import {
  addPage,
  type AddingPropsDeps,
  justAdded,
  methodLines,
  recoveryCodes,
} from '../flow/adding-props.ts';
import { challengeProps, secondsTo, viewOf } from '../flow/challenge-props.ts';
import type { ShownPage } from '../flow/kind.ts';
import type { AnswerPage, ChoiceLine } from '../flow/pages.ts';
import { waitsFor } from '../flow/waits.ts';
import { LONGEST_IDENTIFIER } from '../models/account.ts';
import { addressOf, type Challenge, isOpen } from '../models/challenge.ts';
import { type Choice, choicesOf, type MethodRules } from '../verification/choices.ts';
import { FEW_CODES } from '../verification/renew-codes.ts';
import { isStepUp } from './flow.ts';
import { flowPage, type Shown } from './flow-page.ts';
import type { Registration } from './registration.ts';
import type { SignIn } from './sign-in.ts';
import { isTrustOffered } from './trust-change.ts';

export interface PropsDeps extends AddingPropsDeps, MethodRules {
  readonly rememberDays: () => number;
  readonly trustDays: () => number;
  readonly fewestCharacters: () => number;
  /** The domain of our keys; undefined where keys do not work. */
  readonly rpId: string | undefined;
}

export async function pageFor(shown: Shown, deps: PropsDeps): Promise<ShownPage> {
  const { signIn, step } = shown;
  const base = flowPage(shown);
  const username = signIn.flow.facts.account?.username ?? '';
  const { notHere } = signIn;
  const enrolling = (place: number) => enrolmentPage(shown, place, deps);
  switch (step.name) {
    case 'identify':
      return ['sign-in/identify', { ...base, ...identify(signIn), ...mayUsePasskey(shown, deps) }];
    case 'pick-account':
      return [
        'sign-in/pick-account',
        { ...base, accounts: signIn.knownAccounts, ...mayUsePasskey(shown, deps) },
      ];
    case 'answer':
      return answerPage(shown, step.challenge, deps);
    case 'begin': {
      const { choice, from } = step;
      const hasOtherWays = from.length > 1;
      const isFirstStep = choice.factor === 'knowledge';
      const props = {
        ...base,
        username,
        isFirstStep,
        hasOtherWays,
        ...(choice.isRaised && { isRaised: choice.isRaised }),
        choice: lineAt(signIn.now)(choice),
      };
      return ['sign-in/begin', props];
    }
    case 'choose':
      return [
        'sign-in/choose',
        { ...base, username, notHere, choices: step.from.map(lineAt(signIn.now)) },
      ];
    case 'enrol':
      return [
        'sign-in/enrol',
        { ...enrolling(1), notHere, methods: methodLines(step.methods, deps) },
      ];
    case 'add':
      return addPage(enrolling(2), signIn, deps);
    case 'recovery-codes':
      return [
        'adding/recovery-codes',
        {
          ...(signIn.flow.facts.newCodes ? { ...base, username } : enrolling(3)),
          ...recoveryCodes(signIn, step.sealed, deps),
        },
      ];
    case 'registered':
      return ['sign-in/registered', { ...base, username, ...registered(signIn, step.added, deps) }];
    case 'confirm-methods':
      return ['sign-in/confirm-methods', { ...base, username, methods: held(signIn, deps) }];
    case 'codes-left': {
      const { left } = step;
      return ['sign-in/codes-left', { ...base, username, left, mayRenew: left <= FEW_CODES }];
    }
    case 'new-password':
      return ['sign-in/new-password', { ...base, username, ...newPassword(signIn, deps) }];
    case 'consent':
      return ['sign-in/consent', { ...base, username, ...consent(signIn) }];
    case 'expired':
      return ['sign-in/expired', { ...base, ...expired(signIn) }];
    case 'no-way':
      return ['sign-in/no-way', { ...base, username, notHere }];
    case 'enrol-intro':
      return ['sign-in/enrol-intro', { ...base, username, ...reasonOf(step.registration) }];
    case 'let-in':
    case 'denied':
      return [`sign-in/${step.name}`, { ...base, username }];
    case 'finish':
    case 'over':
      return ['sign-in/continue', base];
  }
}

/** All that may verify them, for whatever purpose; strongest first. */
function held({ account, now }: SignIn, deps: PropsDeps): ChoiceLine[] {
  if (!account) return [];
  const steps = choicesOf(account, 'sign-in', deps).filter(({ factor }) => factor !== 'knowledge');
  const others = choicesOf(account, 'reset', deps).filter(
    (choice) => !steps.some((step) => isSameWay(step, choice)),
  );
  return [...steps, ...others].map(lineAt(now));
}

function registered(signIn: SignIn, way: Way, deps: PropsDeps) {
  const added = justAdded(signIn, deps.enrolment) ?? { method: way.method };
  const steps = signIn.choices.filter(({ factor }) => factor === 'possession');
  const isOnlyOne = new Set(steps.map(({ credential }) => credential)).size === 1;
  return { added, methods: held(signIn, deps), isOnlyOne };
}

function reasonOf(registration: Registration | undefined) {
  if (!registration || registration.why === 'confirm') return {};
  const { why, methods, skips } = registration;
  const [method] = why === 'campaign' ? methods : [];
  return { why, ...(method !== undefined && { method }), ...(skips && { skips }) };
}

const expired = ({ flow: { request, expiresAt }, now }: SignIn) => ({
  canRestart: now < expiresAt,
  ...(request.home !== undefined && { home: request.home }),
});

const identify = ({ flow, knownAccounts }: SignIn) => ({
  identifier: flow.request.loginHint ?? '',
  longest: LONGEST_IDENTIFIER,
  isMissing: flow.facts.missing ?? false,
  hasKnownAccounts: knownAccounts.length > 0,
});

/** What is asked beside the user name; a strange key and a foreign one look alike. */
function mayUsePasskey(shown: Shown, deps: PropsDeps) {
  const { flow, now } = shown.signIn;
  const { challenge } = flow;
  const options = challenge?.page.options;
  if (!challenge || options === undefined) return {};
  const { failure } = challenge;
  const reason = failure === 'not-verified' ? failure : ('strange' as const);
  const { seconds = 0 } = isOpen(challenge, now) ? (secondsTo(challenge.expiresAt, now) ?? {}) : {};
  return {
    passkey: {
      ...{ id: addressOf(challenge), options, seconds },
      ...(failure !== undefined && { failure: reason, ...erased(flow, deps) }),
    },
    ...staySignedIn(shown, deps),
  };
}

const erased = ({ facts: { erasedKey } }: SignIn['flow'], { rpId }: PropsDeps) =>
  rpId !== undefined && erasedKey !== undefined && { erased: { rpId, credentialId: erasedKey } };

const lineAt =
  (now: Date) =>
  ({ method, credential, hint, variant, addedAt, away }: Choice): ChoiceLine => ({
    method,
    credential,
    ...(hint !== undefined && { hint }),
    ...(variant !== undefined && { variant }),
    ...(addedAt && { addedAt: addedAt.toISOString() }),
    ...(away && { away: { reason: away.reason, ...secondsTo(away.until, now) } }),
  });

function enrolmentPage(shown: Shown, step: number, { enrolment }: PropsDeps) {
  const { account, flow } = shown.signIn;
  const isLast = step === 3 || (account !== undefined && enrolment.bringsCodes(account));
  const progress = { step, of: isLast ? 3 : 2 };
  return { ...flowPage(shown), username: flow.facts.account?.username ?? '', progress };
}

async function answerPage(shown: Shown, open: Challenge, deps: PropsDeps): Promise<ShownPage> {
  const { signIn } = shown;
  if (open.purpose === 'enrol')
    return addPage(enrolmentPage(shown, 2, deps), signIn, { ...deps, open });
  const props: AnswerPage = {
    ...flowPage(shown),
    challenge: challengeProps(signIn.now, open, deps),
    username: signIn.flow.facts.account?.username ?? '',
    hasOtherWays: open.hasOtherWays,
    ...(open.isRaised && { isRaised: open.isRaised }),
    ...(isInstead(signIn, open) && { isInstead: true }),
    ...(open.instead && { instead: open.instead }),
    ...waitsFor(signIn, open),
    ...staySignedIn(shown, deps),
    ...trustBrowser(signIn, deps.trustDays()),
  };
  return [viewOf(open.method, 'answer'), props] as ShownPage;
}

const isInstead = ({ flow: { facts }, now }: SignIn, open: Challenge): boolean =>
  (facts.passedOver ?? []).some((way) => way.until > now && !isSameWay(way, open));

/** Asked with the first proof: what was said in this sign-in, or else when this name was last here. */
function staySignedIn({ signIn, browser }: Shown, { rememberDays }: PropsDeps) {
  const { flow, proofs } = signIn;
  const days = rememberDays();
  if (days === 0 || proofs.length > 0 || isStepUp(flow)) return {};
  const { account, remember } = flow.facts;
  const known = browser.accounts.find(({ username }) => username === account?.username);
  const isTicked = remember ?? known?.staySignedIn ?? false;
  return { staySignedIn: { days, isTicked } };
}

const trustBrowser = (signIn: SignIn, days: number) =>
  isTrustOffered(signIn, days) ? { trustBrowser: { days } } : {};

const newPassword = ({ flow, ...signIn }: SignIn, { fewestCharacters }: PropsDeps) => ({
  why: whyNew(signIn),
  fewest: fewestCharacters(),
  ...(flow.facts.passwordFlaw !== undefined && { flaw: flow.facts.passwordFlaw }),
});

/** That others may know the present one is said first, and it may not stay then. */
const whyNew = ({ isPasswordDue, afterPass }: Pick<SignIn, 'isPasswordDue' | 'afterPass'>) =>
  afterPass === 'needed' || (afterPass && !isPasswordDue) ? afterPass : ('due' as const);

function consent({ flow: { request } }: SignIn) {
  const { scopes, policyUri, tosUri } = request;
  return {
    scopes: scopes.filter((scope) => scope !== 'offline_access'),
    isOffline: scopes.includes('offline_access'),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
  };
}
