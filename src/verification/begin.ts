/**
 * Asking: the only caller of a method's `begin`. The question replaces whatever was open
 * before, in one write that carries the message to be sent; then the message leaves.
 */
import { type Clock, secondsAfter } from '../lib/clock.ts';
import { randomId } from '../lib/codes.ts';
import type { Meter } from '../lib/meter.ts';
import { Problem } from '../lib/problem.ts';
import type { Purpose } from '../methods/method.ts';
import type { Account } from '../models/account.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Facts, Flow, Flows } from '../models/flow.ts';
import { choicesOf, type MethodRules, type OpenMethod } from './choices.ts';
import type { Guard } from './guard.ts';
import type { Outbox } from './outbox.ts';

export interface BeginDeps extends MethodRules {
  readonly flows: Flows;
  readonly guard: Guard;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly attemptsPerChallenge: number;
  /** A password that nobody has, asked for where there is no account. */
  readonly nobody: unknown;
}

export interface Asking {
  /** Undefined where nobody has the name that was typed: then only a password is asked. */
  readonly account: Account | undefined;
  readonly choice: Pair;
  readonly purpose: Purpose;
  /** The name of the app, for the message. */
  readonly client: string;
  readonly locale: string;
  /** What the flow knows once the question is asked. */
  readonly facts: Facts;
}

export type Asks = ReturnType<typeof createBegin>;

/** Stands for the credential of an account that does not exist or has no password. */
export const NOBODY = 'nobody';

/** Wrong passwords are counted per account and network, not per page. */
const PASSWORD_ATTEMPTS = 1000;

type Pair = Pick<Challenge, 'method' | 'credential'>;

interface Asked {
  readonly method: OpenMethod;
  readonly data: unknown;
  readonly hint?: string;
  readonly hasOtherWays: boolean;
}

export function createBegin(deps: BeginDeps) {
  const { flows, guard, outbox, clock } = deps;

  return {
    /** The flow with its new challenge, or undefined when another request was quicker. */
    async begin(flow: Flow, asking: Asking): Promise<Flow | undefined> {
      const { challenge, send } = await ask(flow, asking);
      countBegun(challenge);
      const { account, facts, purpose, locale } = asking;
      if (!send) return flows.record(flow, { facts, challenge, pending: [] });

      if (!account) throw new Error('a message for nobody');
      const { to: number, country } = send;
      await guard.countSend(account, { number, country });
      const { id, expiresAt } = challenge;
      const promised = outbox.promise(flow._id, send, {
        challenge: id,
        purpose,
        locale,
        expiresAt,
      });
      const begun = await flows.record(flow, { facts, challenge, pending: [promised] });
      return begun && outbox.deliver(begun, promised);
    },

    /** The question alone, for whoever stores it; undefined where something must be sent for it. */
    async askOnPage(flow: Flow, asking: Asking): Promise<Challenge | undefined> {
      const { challenge, send } = await ask(flow, asking);
      if (send) return undefined;
      countBegun(challenge);
      return challenge;
    },
  };

  function countBegun({ method }: Challenge): void {
    deps.meter.count('challenges_total', { method, outcome: 'begun' });
  }

  async function ask(flow: Flow, asking: Asking) {
    const asked = whatIsAsked(asking, deps);
    const { purpose, client, choice } = asking;
    const id = randomId();
    const now = clock.now();
    const { send, ...question } = await asked.method.begin(asked.data, {
      purpose,
      client,
      challengeId: id,
    });
    const challenge: Challenge = {
      id,
      method: choice.method,
      credential: choice.credential,
      purpose,
      memo: question.memo,
      page: question.page,
      ...(asked.hint !== undefined && { hint: asked.hint }),
      hasOtherWays: asked.hasOtherWays,
      attemptsLeft: attemptsFor(asked.method, flow.challenge, choice) ?? deps.attemptsPerChallenge,
      begunAt: now,
      expiresAt: secondsAfter(now, question.validForSeconds),
      sends: send !== undefined,
    };
    return { challenge, send };
  }
}

/** What is posted by hand is held against the same list as what is offered (S-024). */
function whatIsAsked({ account, choice, purpose, facts }: Asking, deps: BeginDeps): Asked {
  const method = deps.methods.get(choice.method);
  if (!method) throw new Problem('method-not-offered');
  if (choice.credential === NOBODY) return { method, data: deps.nobody, hasOtherWays: false };

  if (purpose === 'enrol') {
    const draft = facts.enrolling?.draft;
    if (draft?.id !== choice.credential || draft.kind !== method.kind) {
      throw new Problem('method-not-offered');
    }
    const { hint } = method.read(draft.data);
    return { method, data: draft.data, ...(hint !== undefined && { hint }), hasOtherWays: true };
  }

  const choices = account ? choicesOf(account, purpose, deps) : [];
  const chosen = choices.find((offered) => isSame(offered, choice));
  const credential = account?.credentials.find(({ id }) => id === choice.credential);
  if (!chosen || !credential) throw new Problem('method-not-offered');
  return {
    method,
    data: credential.data,
    ...(chosen.hint !== undefined && { hint: chosen.hint }),
    hasOtherWays: choices.some((other) => other.factor === chosen.factor && !isSame(other, chosen)),
  };
}

/** Asking again makes a new code; it does not give back the tries that were used up (S-072). */
function attemptsFor(
  { factor }: OpenMethod,
  open: Challenge | undefined,
  choice: Pair,
): number | undefined {
  if (factor === 'knowledge') return PASSWORD_ATTEMPTS;
  return open && isSame(open, choice) ? open.attemptsLeft : undefined;
}

const isSame = (a: Pair, b: Pair): boolean =>
  a.method === b.method && a.credential === b.credential;
