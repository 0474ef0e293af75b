/**
 * The pages on which a method is set up, and those that show the recovery codes that come with the
 * first: the same in every flow.
 */
import { isSameWay } from '../assurance/way.ts';
import type { Account } from '../models/account.ts';
import type { Challenge } from '../models/challenge.ts';
import type { Flow } from '../models/flow.ts';
import type { Enrolment } from '../verification/enrol.ts';
import type { AddPage, JustAdded } from './adding-pages.ts';
import { challengeProps, type ChallengePropsDeps, viewOf } from './challenge-props.ts';
import type { ShownPage } from './kind.ts';
import { waitsFor } from './waits.ts';

export interface AddingPropsDeps extends ChallengePropsDeps {
  readonly enrolment: Enrolment;
}

/** A flow in which somebody sets up a method. */
export interface AddingState {
  readonly flow: Flow;
  readonly now: Date;
  readonly account?: Account;
  /** Ids of methods that could be set up now. */
  readonly addable: readonly string[];
}

/** One line for each page on which something is set up. */
export const methodLines = (ids: readonly string[], { enrolment }: AddingPropsDeps) =>
  enrolment.together(ids).flatMap(([method, ...others]) => {
    if (method === undefined) return [];
    const kind = others.length > 0 && { kind: enrolment.kindOf(method) };
    return { method, ...kind };
  });

type Base = Pick<AddPage, 'at' | 'csrf' | 'client' | 'username' | 'progress'>;

export async function addPage(
  base: Base,
  state: AddingState,
  { open, ...deps }: AddingPropsDeps & { readonly open?: Challenge },
): Promise<ShownPage> {
  const { flow, now, account, addable } = state;
  const { enrolment } = deps;
  const { enrolling = {} } = flow.facts;
  const { pairing } = enrolling;
  const { method = '' } = enrolling;
  const pages = enrolment.together(addable);
  const props: AddPage = {
    ...base,
    method,
    together: pages.find((ids) => ids.includes(method)) ?? [method],
    ...(open && { challenge: challengeProps(now, open, deps) }),
    shown: account ? await enrolment.show(account, enrolling) : {},
    typed: enrolment.openTyped(flow._id, enrolling),
    ...(enrolling.refused !== undefined && { refused: enrolling.refused }),
    ...(enrolling.refusedField !== undefined && { refusedField: enrolling.refusedField }),
    hasOtherMethods: pages.length > 1,
    ...waitsFor(state, pairing && !pairing.isUsed ? pairing : flow.challenge),
  };
  return [viewOf(method, 'add'), props] as ShownPage;
}

export function recoveryCodes(
  state: Pick<AddingState, 'flow' | 'account'>,
  sealed: string,
  { enrolment }: AddingPropsDeps,
) {
  const { flow } = state;
  const added = justAdded(state, enrolment);
  return {
    isRenewed: flow.facts.newCodes !== undefined,
    codes: enrolment.openCodes(flow._id, sealed),
    ...(added && { added }),
  };
}

/** As the page that says so names it. */
export function justAdded(
  { flow, account }: Pick<AddingState, 'flow' | 'account'>,
  enrolment: Enrolment,
): JustAdded | undefined {
  const { added } = flow.facts;
  if (!added) return undefined;
  const hint = account && enrolment.hintOf(account, added);
  const isDefault = account?.preferred && isSameWay(added, account.preferred);
  return {
    method: added.method,
    ...(hint !== undefined && { hint }),
    ...(isDefault && { isDefault }),
  };
}
