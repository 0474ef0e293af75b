/**
 * What a person may do in a sign-in, one function each: every one records a fact, or asks or
 * answers through the one door, and gives back the flow as it is then, or undefined where
 * nothing was changed.
 */
import { Problem } from '../lib/problem.ts';
import type { Accounts } from '../models/account.ts';
import { addressOf } from '../models/challenge.ts';
import { type Enrolling, type Facts, type Flow as AnyFlow, type Flows } from '../models/flow.ts';
import type { Answer } from '../verification/answer.ts';
import type { Asking, Begin } from '../verification/begin.ts';
import type { Enrolment } from '../verification/enrol.ts';
import type { Flow, SignIn, SignIns, Visit } from './sign-in.ts';
import { nextStep } from './steps.ts';

export interface ActsDeps {
  readonly signIns: SignIns;
  readonly flows: Flows;
  readonly accounts: Accounts;
  readonly begin: Begin;
  readonly answer: Answer;
  readonly enrolment: Enrolment;
}

export type Acts = ReturnType<typeof createActs>;

type Form = Readonly<Record<string, string>>;

/** A choice by its two names. */
interface Pair {
  readonly method: string;
  readonly credential: string;
}

export function createActs(deps: ActsDeps) {
  const { flows, accounts } = deps;
  const say = saying(flows);
  const ask = asking(deps.begin);

  return {
    async identify({ flow }: SignIn, identifier: string): Promise<AnyFlow | undefined> {
      if (identifier === '') return say(flow, { missing: true, otherAccount: true });
      const account = await accounts.findByIdentifier(identifier);
      // Shown as it was typed: what the account is called would say that it exists. What a
      // session proved stays with its own account and counts for nobody else (C-37).
      return say(flow, {
        account: { username: identifier, ...(account && { id: account._id }) },
      });
    },

    otherAccount: ({ flow }: SignIn) => say(flow, { otherAccount: true }),
    knownAccounts: ({ flow }: SignIn) => say(flow, {}),

    /** What is posted by hand is held against the list that the page shows (S-024). */
    async choose(signIn: SignIn, pair: Pair, visit: Visit) {
      const step = nextStep(signIn);
      const offered = step.name === 'choose' || step.name === 'begin' ? step.from : [];
      if (!offered.some((choice) => isSame(choice, pair))) throw new Problem('method-not-offered');
      const { choosing: _, ...facts } = signIn.flow.facts;
      return ask(signIn, pair, visit, facts);
    },

    answer: ({ flow }: SignIn, form: Form, { place }: Visit) => deps.answer(flow, form, place),

    /** The same question anew: a new code, not new tries. */
    async again(signIn: SignIn, address: string, visit: Visit) {
      const { challenge } = signIn.flow;
      if (!challenge || addressOf(challenge) !== address) return undefined;
      if (challenge.attemptsLeft === 0) return undefined;
      const { flow, ...rest } = signIn;
      const id = flow.facts.account?.id;
      const account = id === undefined ? undefined : await accounts.findById(id);
      const known = { ...rest, flow, ...(account && { account }) };
      return ask(known, challenge, visit, flow.facts, challenge.purpose);
    },

    /** Ends the open challenge and proves nothing; nothing is begun for them until they choose. */
    async anotherWay({ flow }: SignIn): Promise<AnyFlow | undefined> {
      const { facts, challenge } = flow;
      if (facts.enrolling)
        return say(flow, { ...facts, enrolling: backFrom(facts.enrolling, deps.enrolment) });
      if (challenge && !challenge.hasOtherWays) return undefined;
      return say(flow, { ...facts, choosing: true });
    },

    enrol: ({ flow }: SignIn) => say(flow, { ...flow.facts, enrolling: {} }),

    async add(signIn: SignIn, method: string, typed: Form, visit: Visit) {
      const { account, flow } = signIn;
      if (!account) return undefined;
      // The list leads to a form, unless there is nothing to type.
      const isChosenOnly =
        flow.facts.enrolling?.method !== method && !deps.enrolment.asksNothing(method);
      const enrolling: Enrolling = isChosenOnly
        ? { method }
        : await deps.enrolment.draft(account, method, typed);
      const facts = { ...flow.facts, enrolling };
      const { draft } = enrolling;
      if (!draft) return say(flow, facts);
      return ask(signIn, { method, credential: draft.id }, visit, facts, 'enrol');
    },

    async saved({ flow }: SignIn) {
      const { recoveryCodes: _, added: __, ...facts } = flow.facts;
      return say(flow, facts);
    },

    consent: ({ flow }: SignIn) => say(flow, { ...flow.facts, consented: true }),
    remember: ({ flow }: SignIn, remember: boolean, isAlways: boolean) =>
      say(flow, { ...flow.facts, remember, ...(isAlways && { rememberAlways: true }) }),
    cancel: ({ flow }: SignIn, why: 'by-user' | 'no-way') =>
      say(flow, { ...flow.facts, cancelled: why }),

    /** From nothing, as somebody else or after too long: no proof survives. */
    restart: ({ flow }: SignIn) =>
      flows.record(flow, {
        facts: { otherAccount: true },
        challenge: undefined,
        proofs: [],
        pending: [],
        endsAt: flow.expiresAt,
      }),

    /** Asks for what is next, where a person's own act made it necessary. */
    async beginPreferred(signIn: SignIn, visit: Visit): Promise<SignIn> {
      const step = nextStep(signIn);
      if (step.name !== 'begin') return signIn;
      const flow = await ask(signIn, step.choice, visit, signIn.flow.facts);
      return flow ? deps.signIns.withFacts(flow as Flow, visit) : signIn;
    },
  };
}

/** From the code back to the number that was mistyped; from there to the list of methods. */
function backFrom({ method, typed, draft }: Enrolling, enrolment: Enrolment): Enrolling {
  const hasForm = draft && method !== undefined && !enrolment.asksNothing(method);
  return hasForm ? { method, ...(typed && { typed }) } : {};
}

/** Whatever is said closes the open challenge: a proof never outlives its question. */
const saying =
  (flows: Flows) =>
  (flow: Flow, facts: Facts): Promise<AnyFlow | undefined> =>
    flows.record(flow, { facts, challenge: undefined, pending: [] });

const asking =
  (begin: Begin) =>
  (
    { flow, account }: Pick<SignIn, 'flow' | 'account'>,
    { method, credential }: Pair,
    { locale }: Visit,
    facts: Facts,
    purpose: Asking['purpose'] = 'sign-in',
  ): Promise<AnyFlow | undefined> =>
    begin(flow, {
      account,
      choice: { method, credential },
      purpose,
      client: flow.request.clientName,
      locale,
      facts,
    });

const isSame = (a: Pair, b: Pair): boolean =>
  a.method === b.method && a.credential === b.credential;
