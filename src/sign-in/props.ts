/**
 * From a step to its page: everything a view prints is made ready here.
 */
import type { Browser } from '../flow/browser.ts';
import type { ShownPage } from '../flow/kind.ts';
import { LONGEST_IDENTIFIER } from '../models/account.ts';
import {
  addressOf,
  type Challenge,
  isBeingJudged,
  isOpen,
  sendableFrom,
} from '../models/challenge.ts';
import type { Pairing } from '../models/flow.ts';
import type { Choice } from '../verification/choices.ts';
import type { Enrolment } from '../verification/enrol.ts';
import type { AddPage, AnswerPage, ChoiceLine, EnrolmentPage, FlowPage, Waits } from './pages.ts';
import { isStepUp, type SignIn } from './sign-in.ts';
import type { Step } from './steps.ts';

export interface PropsDeps {
  readonly enrolment: Enrolment;
  readonly pausePerNumberSeconds: number;
  readonly rememberDays: () => number;
  readonly fewestCharacters: () => number;
}

interface Shown {
  readonly signIn: SignIn;
  readonly step: Step;
  readonly csrf: string;
  readonly browser: Browser;
}

export async function pageFor(shown: Shown, deps: PropsDeps): Promise<ShownPage> {
  const { signIn, step } = shown;
  const base = flowPage(shown);
  const username = signIn.flow.facts.account?.username ?? '';
  switch (step.name) {
    case 'identify':
      return ['sign-in/identify', { ...base, ...identify(signIn) }];
    case 'pick-account':
      return ['sign-in/pick-account', { ...base, accounts: signIn.knownAccounts }];
    case 'answer':
      return answerPage(shown, step.challenge, deps);
    case 'begin': {
      const { choice, from } = step;
      const hasOtherWays = from.length > 1;
      const isFirstStep = choice.factor === 'knowledge';
      const props = { ...base, username, isFirstStep, hasOtherWays, choice: line(choice) };
      return ['sign-in/begin', props];
    }
    case 'choose':
      return ['sign-in/choose', { ...base, username, choices: step.from.map(line) }];
    case 'enrol':
      return [
        'sign-in/enrol',
        { ...enrolmentPage(shown, 1, deps), methods: step.methods.map((method) => ({ method })) },
      ];
    case 'add':
      return addPage(shown, undefined, deps);
    case 'recovery-codes':
      return [
        'sign-in/recovery-codes',
        { ...enrolmentPage(shown, 3, deps), ...recoveryCodes(signIn, step.sealed, deps) },
      ];
    case 'new-password':
      return ['sign-in/new-password', { ...base, username, ...newPassword(signIn, deps) }];
    case 'consent':
      return ['sign-in/consent', { ...base, username, ...consent(signIn) }];
    case 'expired':
      return ['sign-in/expired', { ...base, canRestart: signIn.now < signIn.flow.expiresAt }];
    case 'enrol-intro':
    case 'let-in':
    case 'no-way':
    case 'denied':
      return [`sign-in/${step.name}`, { ...base, username }];
    case 'finish':
    case 'over':
      return ['sign-in/continue', base];
  }
}

function flowPage({ signIn: { flow }, csrf }: Shown): FlowPage {
  const { clientName: name, logo } = flow.request;
  return { at: `/sign-in/${flow._id}`, csrf, client: { name, ...(logo && { logo }) } };
}

const identify = ({ flow, knownAccounts }: SignIn) => ({
  identifier: flow.request.loginHint ?? '',
  longest: LONGEST_IDENTIFIER,
  isMissing: flow.facts.missing ?? false,
  hasKnownAccounts: knownAccounts.length > 0,
});

const line = ({ method, credential, hint, isAway }: Choice): ChoiceLine => ({
  method,
  credential,
  ...(hint !== undefined && { hint }),
  ...(isAway && { isAway }),
});

async function answerPage(shown: Shown, open: Challenge, deps: PropsDeps): Promise<ShownPage> {
  const { signIn } = shown;
  const challenge = challengeProps(signIn, open, deps);
  if (open.purpose === 'enrol') return addPage(shown, challenge, deps);
  const props: AnswerPage = {
    ...flowPage(shown),
    challenge,
    username: signIn.flow.facts.account?.username ?? '',
    hasOtherWays: open.hasOtherWays,
    ...(open.instead && { instead: open.instead }),
    ...waitsFor(signIn, open),
    ...staySignedIn(shown, deps),
  };
  return [viewOf(open.method, 'answer'), props] as ShownPage;
}

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

function enrolmentPage(shown: Shown, step: number, { enrolment }: PropsDeps): EnrolmentPage {
  const { account, flow } = shown.signIn;
  const isLast = step === 3 || (account !== undefined && enrolment.bringsCodes(account));
  const progress = { step, of: isLast ? 3 : 2 };
  return { ...flowPage(shown), username: flow.facts.account?.username ?? '', progress };
}

async function addPage(
  shown: Shown,
  challenge: AnswerPage['challenge'] | undefined,
  deps: PropsDeps,
): Promise<ShownPage> {
  const { signIn } = shown;
  const { enrolment } = deps;
  const { enrolling = {} } = signIn.flow.facts;
  const { pairing } = enrolling;
  const props: AddPage = {
    ...enrolmentPage(shown, 2, deps),
    method: enrolling.method ?? '',
    ...(challenge && { challenge }),
    shown: signIn.account ? await enrolment.show(signIn.account, enrolling) : {},
    typed: enrolling.typed ?? {},
    ...(enrolling.refused !== undefined && { refused: enrolling.refused }),
    hasOtherMethods: signIn.addable.length > 1,
    ...waitsFor(signIn, pairing && !pairing.isUsed ? pairing : signIn.flow.challenge),
  };
  return [viewOf(enrolling.method ?? '', 'add'), props] as ShownPage;
}

/** The contract test `methods` sees to it that every method has its pages. */
const viewOf = (method: string, page: 'answer' | 'add'): string => `methods/${method}/${page}`;

function challengeProps(
  { now }: SignIn,
  open: Challenge,
  deps: PropsDeps,
): AnswerPage['challenge'] {
  return {
    id: addressOf(open),
    method: open.method,
    ...(open.hint !== undefined && { hint: open.hint }),
    page: open.page,
    attemptsLeft: open.attemptsLeft,
    ...(open.failure !== undefined && { failure: open.failure }),
    ...(open.typed !== undefined && { typed: open.typed }),
    undelivered: open.undelivered ?? false,
    open: isOpen(open, now) || isBeingJudged(open, now),
    ...((open.sends || open.elsewhere) && { againInSeconds: againIn(open, now, deps) }),
  };
}

/** What a page that waits for a device needs to hear of it, and until when that makes sense. */
function waitsFor(
  { flow, now }: SignIn,
  awaited: Pick<Challenge, 'expiresAt' | 'elsewhere'> | Pairing | undefined,
): { readonly waits?: Waits } {
  if (!awaited || (!('digest' in awaited) && !awaited.elsewhere)) return {};
  const ends = awaited.expiresAt < flow.endsAt ? awaited.expiresAt : flow.endsAt;
  const seconds = Math.ceil((ends.getTime() - now.getTime()) / 1000);
  return { waits: { since: flow.version, seconds: Math.max(0, seconds) } };
}

function againIn(open: Challenge, now: Date, { pausePerNumberSeconds }: PropsDeps): number {
  const from = sendableFrom(open, pausePerNumberSeconds) ?? now;
  return Math.max(0, Math.ceil((from.getTime() - now.getTime()) / 1000));
}

function recoveryCodes({ flow, account }: SignIn, sealed: string, { enrolment }: PropsDeps) {
  const { added } = flow.facts;
  const hint = added && account && enrolment.hintOf(account, added);
  return {
    codes: enrolment.openCodes(flow._id, sealed),
    ...(added && { added: { method: added.method, ...(hint !== undefined && { hint }) } }),
  };
}

const newPassword = ({ flow }: SignIn, { fewestCharacters }: PropsDeps) => ({
  fewest: fewestCharacters(),
  ...(flow.facts.passwordFlaw !== undefined && { flaw: flow.facts.passwordFlaw }),
});

function consent({ flow: { request } }: SignIn) {
  const { scopes, policyUri, tosUri } = request;
  return {
    scopes: scopes.filter((scope) => scope !== 'offline_access'),
    isOffline: scopes.includes('offline_access'),
    ...(policyUri !== undefined && { policyUri }),
    ...(tosUri !== undefined && { tosUri }),
  };
}
