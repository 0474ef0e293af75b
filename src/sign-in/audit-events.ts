/**
 * What the audit is told of a sign-in that is over: pure, but for the event's id and time.
 */
import type { Proof } from '../assurance/proof.ts';
import { type Audit, STRANGER } from '../audit/audit.ts';
import type { RequestContext } from '../flow/request-context.ts';
import type { Account } from '../models/account.ts';
import type { Events } from '../models/audit-event.ts';
import type { TrustChange } from '../models/trusted-browser.ts';
import type { Refusal } from '../oidc/finish-interaction.ts';
import { guessesSince, type Place } from '../verification/rate-limits/rate-limiter.ts';
import { type Flow, isStepUp } from './flow.ts';
import type { SignIn } from './sign-in.ts';

interface Ended extends Pick<SignIn, 'proofs'> {
  readonly trust: TrustChange | undefined;
  readonly flow: Flow;
  readonly account: Account;
}

export function finishOf(ended: Ended, visit: RequestContext, acr: string, audit: Audit): Events {
  const { flow, account, proofs, trust } = ended;
  const { place } = visit;
  const { clientId: client, scopes } = flow.request;
  const about = { by: account._id, account: account._id, from: { ...visit.from, client } };
  const finished = audit.event('sign-in.finished', about, {
    acr,
    methods: proofs.map(({ method }) => method),
    isStepUp: isStepUp(flow),
    failuresBefore: failuresBefore(account, place, proofs),
  });
  const isNew = {
    isNewBrowser: !account.known.browsers.includes(place.browser),
    isNewNetwork: !account.known.networks.includes(place.network),
  };
  return [
    finished,
    ...(isNew.isNewBrowser || isNew.isNewNetwork ? [audit.event('browser.new', about, isNew)] : []),
    ...(trust && 'begins' in trust ? [audit.event('browser.trusted', about, begun(trust))] : []),
    ...(flow.facts.consented ? [audit.event('consent.given', about, { client, scopes })] : []),
  ];
}

const begun = ({ begins }: Extract<TrustChange, { readonly begins: unknown }>) => ({
  trusted: begins.id,
  until: begins.until.toISOString(),
});

export function refusalOf(
  flow: Flow,
  reason: Refusal,
  visit: RequestContext,
  audit: Audit,
): Events {
  const client = flow.request.clientId;
  const about = { by: STRANGER, account: flow.facts.account?.id, reason };
  return [audit.event('sign-in.refused', { ...about, from: { ...visit.from, client } }, {})];
}

/** Wrong passwords and codes since the last time somebody got in; the right ones are not meant. */
function failuresBefore(account: Account, place: Place, proofs: readonly Proof[]): number {
  const { knowledge, secondFactor } = guessesSince(account, place);
  const right = proofs.filter(({ factor }) => factor === 'possession').length;
  // One may be the right password itself: the first attempt is never taken back.
  return (knowledge > 1 ? knowledge : 0) + Math.max(0, secondFactor - right);
}
