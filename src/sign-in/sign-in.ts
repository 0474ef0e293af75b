/**
 * The facts of a sign-in: loaded for a page or an act, and nothing else. What they mean is
 * decided in steps.ts, what a person does is recorded in acts.ts.
 */
import { countingFor, type Goal, meets, type Need, whatIsLacking } from '../assurance/levels.ts';
import type { Proof } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import { isTrust, stillHeld } from '../assurance/trusted-browser.ts';
import type { Browser } from '../flow/browser.ts';
import type { Known } from '../flow/kind.ts';
import type { RequestContext } from '../flow/request-context.ts';
import { type Account, type Accounts, standIn } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import { trustedIn } from '../models/trusted-browser.ts';
import type { TrustPolicy } from '../oidc/session.ts';
import type { FlowRequest } from '../oidc/start-flow.ts';
import {
  addableSecondSteps,
  type Choice,
  holdsSecondStep,
  strengthOf,
  unreadableIn,
} from '../verification/choices.ts';
import type { FirstMethod } from '../verification/first-choice.ts';
import { goalFor, isPasswordDue } from '../verification/password-due.ts';
import { NOBODY } from '../verification/resolve-choice.ts';
import { type PasswordAfterPass, passwordAfterPass } from './after-pass.ts';
import { type Flow, isSignInFlow } from './flow.ts';
import { type Registration, registrationDue, type RegistrationWishes } from './registration.ts';
import { choicesFor, choicesHere, notHere, unnamedIn, unnamedWay, type WaysDeps } from './ways.ts';
import { standInOf, type Trust, trustHere } from './trusted-browser.ts';

export interface SignIn {
  readonly flow: Flow;
  readonly now: Date;
  /** What must be proved: what was asked for, or more where the password is to be changed. */
  readonly goal: Goal;
  /** Others may know the password, or there is none: nothing goes on before there is a new one. */
  readonly isPasswordDue: boolean;
  /** They came by a pass, after which there must be a password, or may be a new one. */
  readonly afterPass?: PasswordAfterPass;
  /** Those of this account, and recent enough for the goal. */
  readonly proofs: readonly Proof[];
  /** What this browser is to the account, once a password was given. */
  readonly trust?: Trust;
  /** It stands in for the second step, and has to be used when the sign-in is over. */
  readonly isByTrust?: true;
  /** Loaded where the next step depends on it. */
  readonly account?: Account;
  /** What could be asked now, strongest first: for nobody, a password that is never right. */
  readonly choices: readonly Choice[];
  /** What may be asked while nobody is named, where policy lets a passkey say who it is. */
  readonly unnamed?: Way;
  /** What policy wants it to begin with. */
  readonly firstMethod: FirstMethod;
  /** Ids of methods that policy allows and that cannot work in this house. */
  readonly notHere: readonly string[];
  /** Ids of methods that could be set up now. */
  readonly addable: readonly string[];
  /** Who signed in in this browser and is still there, while nobody is chosen. */
  readonly knownAccounts: Browser['accounts'];
  /** What they are asked to register, though this sign-in would do without. */
  readonly registration?: Registration;
  readonly isConsentNeeded: boolean;
}

export interface SignInDeps extends WaysDeps {
  readonly interactionSeconds: number;
  readonly flows: Flows;
  readonly accounts: Accounts;
  /** Whether this account still has to allow what this app asks for. */
  readonly needsConsent: (request: FlowRequest, accountId: string) => Promise<boolean>;
  readonly firstMethod: () => FirstMethod;
  readonly trust: () => TrustPolicy;
  readonly registrationWishes: (account: Account) => RegistrationWishes;
  readonly log: { warn(fields: object, event: string): void };
}

export type SignIns = ReturnType<typeof createSignIns>;

export const createSignIns = (deps: SignInDeps) => ({
  async load(uid: string, visit: RequestContext): Promise<SignIn | undefined> {
    const flow = await deps.flows.find(uid);
    if (!flow) return undefined;
    const method = flow.challenge?.method;
    if (!isSignInFlow(flow) || (method !== undefined && !deps.methods.has(method))) {
      deps.log.warn({ flow: uid }, 'flow.unreadable');
      return undefined;
    }
    return withFacts(flow, visit, deps);
  },

  unnamedWay: () => unnamedWay(deps),

  /** `known` spares a reading of the account to whoever has just made one. */
  withFacts: (flow: Flow, visit: RequestContext, known?: Known) =>
    withFacts(flow, visit, deps, known),
});

async function withFacts(
  flow: Flow,
  { browser }: RequestContext,
  deps: SignInDeps,
  known?: Known,
): Promise<SignIn> {
  const { facts, challenge, request } = flow;
  const now = deps.clock.now();
  const accountId = facts.account?.id;
  // An open question is shown whatever the account says.
  const isNamed = facts.account !== undefined;
  const isNeeded = !challenge || challenge.purpose === 'enrol';
  const { account } = known ?? { account: isNeeded ? await accountOf(flow, deps) : undefined };
  if (!account && isNeeded && facts.account) workOutForNobody(deps);
  const unreadable = account ? unreadableIn(account, deps) : [];
  if (unreadable.length > 0) {
    deps.log.warn({ account: accountId, credentials: unreadable }, 'credential.unreadable');
  }
  // Whoever was deleted is nobody to choose; asked only where somebody is to be chosen.
  const knownAccounts = isNamed ? [] : await stillThere(browser, deps);
  const goal = goalFor(underPolicy(request.goal, deps), account, deps);
  const given = sinceSignedOut(countingFor(accountId, goal, flow.proofs), account);
  const { proofs, ...byTrust } = withTrust(given, { account, browser, goal, now }, deps);
  const lacking = whatIsLacking(goal, proofs, now);
  const isProven = lacking.length === 0;
  const afterPass = passwordAfterPass({ flow, account, proofs }, deps);
  const isDue = isPasswordDue(account) || afterPass === 'needed';
  const registration =
    isProven && !isDue && !afterPass && account
      ? registrationDue({ account, proofs, facts, now, ...wishedOf(account, deps) })
      : undefined;
  return {
    flow,
    now,
    goal,
    isPasswordDue: isDue,
    ...(afterPass && { afterPass }),
    proofs,
    ...byTrust,
    ...(account && { account }),
    choices: isNeeded && isNamed ? choicesHere(account, { browser, flow }, deps) : [],
    firstMethod: deps.firstMethod(),
    notHere: account ? notHere(account, deps) : [],
    ...(!isNamed && unnamedIn(deps)),
    addable: registration?.methods ?? (account ? firstMethods(account, lacking, deps) : []),
    ...(registration && { registration }),
    knownAccounts,
    isConsentNeeded:
      isProven && accountId !== undefined && !challenge && !facts.consented && !facts.cancelled
        ? await deps.needsConsent(request, accountId)
        : false,
  };
}

const wishedOf = (account: Account, deps: SignInDeps) => ({
  wishes: deps.registrationWishes(account),
  rules: deps,
});

/** As it is now, and not when the sign-in began. */
function underPolicy({ trustSatisfies: _, ...goal }: Goal, { trust }: SignInDeps): Goal {
  const { trustSatisfies } = trust();
  return { ...goal, ...(trustSatisfies && { trustSatisfies }) };
}

interface Trusting extends Pick<SignIn, 'goal' | 'now'> {
  readonly account: Account | undefined;
  readonly browser: Browser;
}

/** Looked into for whoever has proved something: nobody else learns anything by the time it takes. */
function withTrust(
  given: readonly Proof[],
  { account, browser, goal, now }: Trusting,
  { trust: policy }: SignInDeps,
): Pick<SignIn, 'proofs' | 'trust' | 'isByTrust'> {
  if (!account || given.length === 0) return { proofs: given.filter((one) => !isTrust(one)) };
  const judging = { now, days: policy().days };
  const proofs = stillHeld(given, trustedIn(account, judging));
  const trust = trustHere(browser, account, judging);
  const all = [...proofs, ...standInOf(account, trust)];
  const isLacking = (those: readonly Proof[]) => whatIsLacking(goal, those, now).length > 0;
  const isByTrust = isLacking(proofs) && !isLacking(all);
  return {
    proofs: isByTrust ? all : proofs,
    ...(trust && { trust }),
    ...(isByTrust && { isByTrust }),
  };
}

/** What is worked out for somebody, and dropped: nobody must not be told apart by the time. */
function workOutForNobody(deps: SignInDeps): void {
  unreadableIn(standIn, deps);
  choicesFor(standIn, undefined, deps);
  firstMethods(standIn, [], deps);
}

async function stillThere({ accounts: known }: Browser, { accounts }: SignInDeps) {
  const names = new Set(await accounts.namesInUse(known.map(({ username }) => username)));
  return known.filter(({ username }) => names.has(username));
}

/** Whoever was signed out everywhere begins again, also here; finish.ts asks once more. */
export const sinceSignedOut = (
  proofs: readonly Proof[],
  account: Pick<Account, 'signedOutAt'> | undefined,
): readonly Proof[] => {
  const from = account?.signedOutAt;
  return from === undefined ? proofs : proofs.filter(({ at }) => at > from);
};

/** What may be set up by whoever knows the password alone: a first second step, never another. */
const firstMethods = (account: Account, lacking: readonly Need[], deps: SignInDeps): string[] =>
  holdsSecondStep(account, deps)
    ? []
    : addableSecondSteps(account, deps)
        .filter((method) =>
          lacking.some((need) => meets(strengthOf(method, deps.availability), need)),
        )
        .map(({ id }) => id);

async function accountOf({ facts }: Flow, { accounts }: SignInDeps): Promise<Account | undefined> {
  // Looked up for nobody too, who must not be told apart by the time it takes.
  return facts.account && accounts.findById(facts.account.id ?? NOBODY);
}
