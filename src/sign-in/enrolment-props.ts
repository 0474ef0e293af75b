/**
 * The pages on which a method is set up: choosing one, setting it up, and the recovery codes that
 * come with the first.
 */
import { isSameWay } from '../assurance/way.ts';
import type { ShownPage } from '../flow/kind.ts';
import type { Enrolment } from '../verification/enrol.ts';
import { flowPage, type Shown, viewOf, waitsFor } from './flow-page.ts';
import type { AddPage, EnrolmentPage } from './enrolment-pages.ts';
import type { AnswerPage } from './pages.ts';
import type { SignIn } from './sign-in.ts';

export interface EnrolmentPropsDeps {
  readonly enrolment: Enrolment;
}

export function enrolmentPage(
  shown: Shown,
  step: number,
  { enrolment }: EnrolmentPropsDeps,
): EnrolmentPage {
  const { account, flow } = shown.signIn;
  const isLast = step === 3 || (account !== undefined && enrolment.bringsCodes(account));
  const progress = { step, of: isLast ? 3 : 2 };
  return { ...flowPage(shown), username: flow.facts.account?.username ?? '', progress };
}

/** One line for each page on which something is set up. */
export const methodLines = (ids: readonly string[], { enrolment }: EnrolmentPropsDeps) =>
  enrolment.together(ids).flatMap(([method, ...others]) => {
    if (method === undefined) return [];
    const kind = others.length > 0 && { kind: enrolment.kindOf(method) };
    return { method, ...kind };
  });

export async function addPage(
  shown: Shown,
  challenge: AnswerPage['challenge'] | undefined,
  deps: EnrolmentPropsDeps,
): Promise<ShownPage> {
  const { signIn } = shown;
  const { enrolment } = deps;
  const { enrolling = {} } = signIn.flow.facts;
  const { pairing } = enrolling;
  const { method = '' } = enrolling;
  const pages = enrolment.together(signIn.addable);
  const props: AddPage = {
    ...enrolmentPage(shown, 2, deps),
    method,
    together: pages.find((ids) => ids.includes(method)) ?? [method],
    ...(challenge && { challenge }),
    shown: signIn.account ? await enrolment.show(signIn.account, enrolling) : {},
    typed: enrolling.typed ?? {},
    ...(enrolling.refused !== undefined && { refused: enrolling.refused }),
    hasOtherMethods: pages.length > 1,
    ...waitsFor(signIn, pairing && !pairing.isUsed ? pairing : signIn.flow.challenge),
  };
  return [viewOf(method, 'add'), props] as ShownPage;
}

export function recoveryCodes(
  { flow, account }: SignIn,
  sealed: string,
  { enrolment }: EnrolmentPropsDeps,
) {
  const { added } = flow.facts;
  const hint = added && account && enrolment.hintOf(account, added);
  const isDefault = added && account?.preferred && isSameWay(added, account.preferred);
  const named = { ...(hint !== undefined && { hint }), ...(isDefault && { isDefault }) };
  return {
    isRenewed: flow.facts.newCodes !== undefined,
    codes: enrolment.openCodes(flow._id, sealed),
    ...(added && { added: { method: added.method, ...named } }),
  };
}
