/**
 * "Let this browser in": the act of somebody whose password has to wait because others guess it.
 * The page that follows is the same for everybody; who is mailed, if anybody, is found out when
 * the event is moved on (audit/admission-mails.ts).
 */
import { type Audit, STRANGER } from '../audit/audit.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Flows } from '../models/flow.ts';
import type { AdmissionBudget } from '../verification/rate-limits/admission-budget.ts';
import type { Flow } from './flow.ts';
import type { SignIn, SignIns } from './sign-in.ts';

export interface LetInDeps {
  readonly flows: Flows;
  readonly signIns: SignIns;
  readonly countAdmission: AdmissionBudget;
  /** Without mail nobody is offered it. */
  readonly hasMail: boolean;
  readonly audit: Pick<Audit, 'event' | 'happened'>;
  readonly log: { info(fields: object, event: string): void };
}

export function createLetIn({ flows, signIns, countAdmission, hasMail, audit, log }: LetInDeps) {
  return async function letIn(
    { flow, proofs }: SignIn,
    visit: RequestContext,
  ): Promise<SignIn | undefined> {
    const { isHeldUp, ...facts } = flow.facts;
    // What was proved since needs nobody's mail.
    if (!isHeldUp || !hasMail || proofs.length > 0) return undefined;
    const said = { facts: { ...facts, lettingIn: true as const }, challenge: undefined };
    // Of two clicks, one is counted.
    const asking = await flows.record(flow, { ...said, pending: [] });
    if (!asking) return undefined;
    visit.keepBrowser();
    const after = (await counted(asking, visit)) ?? asking;
    return signIns.withFacts(after, visit);
  };

  /** The flow with what is to be sent for it; undefined where nothing is. */
  async function counted(flow: Flow, { from }: RequestContext): Promise<Flow | undefined> {
    const { account: named } = flow.facts;
    const about = { by: STRANGER, account: named?.id };
    if (!named || !(await countAdmission(named))) {
      log.info({ flow: flow._id, account: named?.id, ...from }, 'admission.refused');
      return undefined;
    }
    const events = [
      audit.event(
        'browser.admission-requested',
        { ...about, from: { ...from, client: flow.request.clientId } },
        {},
      ),
    ];
    const after = await flows.record(flow, { events });
    if (after) audit.happened('flows', flow._id, events);
    return after;
  }
}
