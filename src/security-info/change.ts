/**
 * The facts of a change: whose it is, whether they are still here, and what they would have to
 * prove. What they mean is decided in steps.ts.
 */
import { type Need, whatIsLacking } from '../assurance/levels.ts';
import { acr, type Acr } from '../assurance/proof.ts';
import type { Way } from '../assurance/way.ts';
import type { Known } from '../flow/kind.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Clock } from '../lib/clock.ts';
import type { Account } from '../models/account.ts';
import type { Flows } from '../models/flow.ts';
import {
  addableMethods,
  choicesOf,
  type MethodRules,
  type OpenMethod,
  without,
} from '../verification/choices.ts';
import { goalToChange } from '../verification/goal-to-change.ts';
import { type Flow, isChangeFlow } from './flow.ts';
import type { Here, WhoIsHere } from './here.ts';
import type { Proving } from './proving.ts';
import { contestedIn, restorableIn } from './restore.ts';

/** What must be proved, and where. */
export interface Lacking {
  readonly needs: readonly Need[];
  readonly acr: Acr;
  readonly provedAt: string;
}

export interface Change {
  readonly flow: Flow;
  readonly now: Date;
  /** In the session in which it was begun, and by nobody else. */
  readonly isHere: boolean;
  readonly account?: Account;
  readonly proofs: Here['proofs'];
  readonly lacking: Lacking;
  /** How they are asked for their password, where they have one. */
  readonly password?: Way;
  /** Without one, only that comes back which this very session took away a moment ago. */
  readonly needsProof: boolean;
  /** Ids of methods that could be set up now. */
  readonly addable: readonly string[];
}

export interface ChangeDeps extends MethodRules {
  readonly flows: Pick<Flows, 'find'>;
  readonly whoIsHere: WhoIsHere;
  readonly proving: Proving;
  readonly clock: Clock;
}

export type Changes = ReturnType<typeof createChanges>;

export const createChanges = (deps: ChangeDeps) => ({
  async load(uid: string, visit: RequestContext): Promise<Change | undefined> {
    const flow = await deps.flows.find(uid);
    return flow && isChangeFlow(flow) ? withFacts(flow, visit, deps) : undefined;
  },

  /** The account is read with its session: one that somebody made a moment ago is as good. */
  withFacts: (flow: Flow, visit: RequestContext, known?: Known) =>
    withFacts(flow, visit, deps, known),
});

async function withFacts(
  flow: Flow,
  visit: RequestContext,
  { whoIsHere, proving, clock, ...rules }: ChangeDeps,
  known?: Known,
): Promise<Change> {
  const now = clock.now();
  const here = await whoIsHere(await visit.session());
  const { request } = flow;
  const isHere = here?.session === request.session && here.account._id === request.account;
  if (!isHere) return { flow, now, isHere, ...nothing };
  const { proofs } = here;
  const account = known?.account ?? here.account;
  const goal = goalToChange(account, now, rules);
  const needs = whatIsLacking(goal, proofs, now);
  return {
    ...{ flow, now, isHere, account, proofs },
    needsProof: request.act !== 'restore' || isOnlyContested(request, account, now),
    lacking: { needs, acr: goal.acr, provedAt: proving.addressFor(`change/${flow._id}`, goal.acr) },
    ...passwordOf(account, rules),
    addable: addableFor(flow, account, rules),
  };
}

function addableFor({ request }: Flow, account: Account, rules: MethodRules): string[] {
  const { act, credential } = request;
  const methods =
    act === 'replace' || act === 'move'
      ? inPlaceOf(account, credential, { act, ...rules })
      : addableMethods(account, rules);
  return methods.map(({ id }) => id);
}

/** What takes the place of another is of its kind, and there is room for it. */
export function inPlaceOf(
  account: Account,
  gone: string | undefined,
  { act, ...rules }: MethodRules & { readonly act: 'replace' | 'move' },
): readonly OpenMethod[] {
  const replaced = account.credentials.find(({ id }) => id === gone);
  return addableMethods(without(account, gone), rules).filter(
    ({ kind, adding }) =>
      kind === replaced?.kind && (act === 'move' ? adding?.isOnDevice : adding?.isReplaceable),
  );
}

function passwordOf(account: Account, rules: MethodRules): Pick<Change, 'password'> {
  const choices = choicesOf(account, 'change', rules);
  const known = choices.find(({ factor }) => factor === 'knowledge');
  return known ? { password: { method: known.method, credential: known.credential } } : {};
}

function isOnlyContested({ credential, session }: Flow['request'], account: Account, now: Date) {
  const isIt = ({ id }: { readonly id: string }): boolean => id === credential;
  const isUndone = restorableIn(account, session, now).some(isIt);
  return !isUndone && contestedIn(account, now).some(isIt);
}

const nothing = {
  ...{ proofs: [], needsProof: true, addable: [] },
  lacking: { needs: [], acr: acr.pwd, provedAt: '' },
};
