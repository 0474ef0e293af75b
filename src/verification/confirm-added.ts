/**
 * What was proved enters the account, in one conditional write, a second step together with recovery
 * codes if the account has none; or it takes the place of another one.
 */
import { countingFor, meets } from '../assurance/levels.ts';
import type { Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../lib/clock.ts';
import { isSecondStep } from '../methods/method.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { Retired } from '../models/account-credentials.ts';
import type { From } from '../models/audit-event.ts';
import type { Enrolling, Facts, Flow } from '../models/flow.ts';
import { additionsOf } from './audit-events.ts';
import { hasRoom, holdsSecondStep, type MethodRules, without } from './choices.ts';
import { defaultAfter } from './first-choice.ts';
import type { IssuedCodes, IssuedCodesDeps } from './issued-codes.ts';

export interface ConfirmAddedDeps extends MethodRules, Pick<IssuedCodesDeps, 'issued'> {
  readonly accounts: Pick<Accounts, 'addCredentials' | 'exchangeCredential' | 'findById'>;
  /** Whether the session that it is added in, if any, was not ended meanwhile. */
  readonly isStillHere: (flow: Flow) => Promise<boolean>;
  /** What the account keeps of one that goes because another takes its place. */
  readonly retired: (flow: Flow, account: Account, gone: Credential) => Retired | undefined;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Whose draft was just proved, and from where. */
interface Confirming {
  readonly flow: Flow;
  readonly account: Account;
  readonly from: From;
}

/** The facts once the draft is in the account; undefined when the account changed meanwhile. */
export function createConfirmAdded(deps: ConfirmAddedDeps, codes: IssuedCodes) {
  const { accounts, audit, clock } = deps;

  return async function confirm(
    confirming: Confirming,
    moved: unknown,
  ): Promise<Facts | undefined> {
    const { flow, account } = confirming;
    const { enrolling, choosing: _, ...facts } = flow.facts;
    const { replaces } = enrolling ?? {};
    const method = enrolling?.method === undefined ? undefined : deps.methods.get(enrolling.method);
    if (!enrolling?.draft || !method) return undefined;
    const { draft } = enrolling;
    const issued = enrolling.codes ?? codes.newCodes(flow._id, account);
    const confirmed = { method: method.id, draft, codes: issued };
    // It entered the account before a crash kept the flow from hearing of it.
    const known = factsIn(account, facts, confirmed);
    if (known) return known;
    const made = moved ?? draft.data;
    const beside = without(account, replaces);
    if (!hasRoom(beside, method, made) || !mayAdd(flow, account, deps)) return undefined;
    if (!(await deps.isStillHere(flow))) return undefined;

    const now = clock.now();
    const added = [newCredential(draft.id, draft.kind, made, now)];
    if (!replaces && isSecondStep(method) && codes.bringsCodes(account)) {
      added.push(newCredential(issued.id, deps.issued.id, issued.data, now));
    }
    const events = additionsOf({ ...confirming, added, method, replaces }, audit);
    const way = { method: method.id, credential: draft.id };
    const gone = account.credentials.find(({ id }) => id === replaces);
    const isStill = deps.methods.get(account.preferred?.method ?? '')?.read(made).isSuited;
    const preferred =
      defaultAfter(account, way, deps) ?? stillDefault(account, { way, gone, isStill });
    const userHandle = account.userHandle === undefined ? draft.userHandle : undefined;
    const along = { events, preferred, userHandle };
    const isAdded =
      replaces === undefined
        ? await accounts.addCredentials(account, added, along)
        : gone && (await exchanged(confirming, { read: gone, by: added[0] }, along));
    if (isAdded) audit.happened('accounts', account._id, events);
    // Another form of the same page may have been quicker.
    const after = isAdded ? { credentials: added } : await accounts.findById(account._id);
    return after && factsIn(after, facts, confirmed);
  };

  function exchanged(
    { flow, account }: Confirming,
    one: Parameters<Accounts['exchangeCredential']>[1] & { readonly read: Credential },
    along: Parameters<Accounts['exchangeCredential']>[2],
  ): Promise<boolean> {
    const retired = deps.retired(flow, account, one.read);
    return accounts.exchangeCredential(account, one, { ...along, retired });
  }
}

/**
 * Somebody else may have set up a second step since this enrolment began, or signed the
 * person out everywhere: what was proved before counts no more, and nobody adds without a proof.
 */
function mayAdd({ proofs }: Flow, account: Account, rules: MethodRules): boolean {
  const { signedOutAt: out } = account;
  const counting = countingFor(account._id, {}, proofs).filter(
    ({ factor, at }) => factor !== 'trust' && (!out || at > out),
  );
  if (counting.length === 0) return false;
  const isProved = counting.some((proof) => meets(proof, secondStep));
  return isProved || !holdsSecondStep(account, rules);
}

const secondStep = { factor: 'possession', traits: [] } as const;

/** Whoever was texted at the old number is texted at the new one, if that can be. */
const stillDefault = (
  { preferred }: Account,
  {
    way,
    gone,
    isStill = false,
  }: { way: Way; gone?: Credential | undefined; isStill?: boolean | undefined },
): Way | undefined =>
  gone && preferred?.credential === gone.id
    ? { ...(isStill ? preferred : way), credential: way.credential }
    : undefined;

type Drafted = Required<Pick<Enrolling, 'method' | 'draft' | 'codes'>>;

/** What is known once the draft is in the account, with the codes that came with it. */
function factsIn(
  { credentials }: Pick<Account, 'credentials'>,
  facts: Facts,
  { method, draft, codes }: Drafted,
): Facts | undefined {
  const has = (wanted: string): boolean => credentials.some(({ id }) => id === wanted);
  if (!has(draft.id)) return undefined;
  const added = { method, credential: draft.id };
  return { ...facts, added, ...(has(codes.id) && { recoveryCodes: codes.sealed }) };
}

const newCredential = (id: string, kind: string, data: unknown, addedAt: Date): Credential => ({
  ...{ id, kind, data, version: 0, addedAt },
});
