/**
 * Adding a credential. Until its first challenge is passed it lives in the flow alone, so an
 * abandoned one neither gates nor replaces anything; then it enters the account in one
 * conditional write, together with recovery codes if the account has none.
 */
import { countingFor } from '../assurance/levels.ts';
import type { Way } from '../assurance/way.ts';
import type { Audit } from '../audit/audit.ts';
import { vaultOf } from '../credentials/vault.ts';
import type { Clock } from '../lib/clock.ts';
import { randomId, randomToken } from '../lib/codes.ts';
import { Problem } from '../lib/problem.ts';
import type { Account, Accounts, Credential } from '../models/account.ts';
import type { From } from '../models/audit-event.ts';
import type { Draft, Enrolling, Facts, Flow, Pairing } from '../models/flow.ts';
import { additionsOf } from './audit-events.ts';
import {
  addableMethods,
  holdsSecondStep,
  hasRoom,
  heldData,
  type MethodRules,
  type OpenMethod,
} from './choices.ts';
import { defaultAfter } from './first-choice.ts';
import { createIssuedCodes, type IssuedCodesDeps } from './issued-codes.ts';

export interface EnrolmentDeps extends MethodRules, IssuedCodesDeps {
  readonly accounts: Accounts;
  readonly audit: Audit;
  readonly clock: Clock;
  /** As authenticator apps list us. */
  readonly issuer: string;
  readonly pairings: Pairings;
  readonly phoneCountries: () => readonly string[];
}

/** Codes by which a device joins what it is added by. */
export interface Pairings {
  begin(draft: string, client: string): Pairing;
  /** For the page that shows it; undefined once it is too late. */
  open(draft: string, pairing: Pairing): { code: string; address: string } | undefined;
}

/** What a person wants to add, in which flow and for which app. */
interface Wish {
  readonly flow: string;
  readonly method: string;
  readonly typed: Readonly<Record<string, string>>;
  readonly client: string;
}

/** What is being added, and how a device joins it. */
interface Wanted {
  readonly kind: string;
  readonly pairing?: Pairing | undefined;
}

/** Whose draft was just proved, and from where. */
interface Confirming {
  readonly flow: Flow;
  readonly account: Account;
  readonly from: From;
}

export type Enrolment = ReturnType<typeof createEnrolment>;

export function createEnrolment(deps: EnrolmentDeps) {
  const { accounts, audit, crypt, clock } = deps;
  const codes = createIssuedCodes(deps);

  const portsFor = (account: Account, credentialId: string, { kind, pairing }: Wanted) => {
    const joining = pairing && deps.pairings.open(credentialId, pairing);
    return {
      vault: vaultOf(crypt, account._id, credentialId),
      account: account.username,
      issuer: deps.issuer,
      phoneCountries: deps.phoneCountries(),
      held: heldData(account, kind),
      ...(joining && { pairing: joining }),
    };
  };

  return {
    ...shownOf(deps),

    ...codes,

    /** A credential to be confirmed, or why what was typed will not do. */
    async draft(account: Account, { flow, typed, client, ...wish }: Wish): Promise<Enrolling> {
      const method = addable(account, wish.method);
      const id = randomId();
      const chosen: Enrolling = { method: method.id, typed };
      const form = method.adding.form.safeParse(typed);
      if (!form.success) return { ...chosen, refused: 'form-invalid' };
      try {
        const data = await method.adding.draft?.(form.data, portsFor(account, id, method));
        refuseUnsuited(method, data);
        const pairing = method.adding.join && deps.pairings.begin(id, client);
        const draft: Draft = {
          ...{ id, kind: method.kind },
          ...(data !== undefined && { data }),
          ...(method.hasCeremony && { userHandle: account.userHandle ?? newUserHandle() }),
        };
        const made = codes.newCodes(flow, account);
        return { ...chosen, draft, codes: made, ...(pairing && { pairing }) };
      } catch (error) {
        if (error instanceof Problem) return { ...chosen, refused: error.code };
        throw error;
      }
    },

    /** What the page must show besides the question: a QR code, or a form's countries. */
    async show(account: Account, enrolling: Enrolling): Promise<Record<string, unknown>> {
      const { method, draft, pairing } = enrolling;
      const adding = method === undefined ? undefined : deps.methods.get(method)?.adding;
      const shown = draft
        ? await adding?.show?.(draft.data, portsFor(account, draft.id, { ...draft, pairing }))
        : await adding?.offer?.({ phoneCountries: deps.phoneCountries() });
      return { ...shown };
    },

    /** The facts once the draft is in the account; undefined when the account changed meanwhile. */
    async confirm(confirming: Confirming, moved: unknown): Promise<Facts | undefined> {
      const { flow, account } = confirming;
      const { enrolling, choosing: _, ...facts } = flow.facts;
      const method =
        enrolling?.method === undefined ? undefined : deps.methods.get(enrolling.method);
      if (!enrolling?.draft || !method) return undefined;
      const { draft } = enrolling;
      const issued = enrolling.codes ?? codes.newCodes(flow._id, account);
      const confirmed = { method: method.id, draft, codes: issued };
      // It entered the account before a crash kept the flow from hearing of it.
      const known = factsIn(account, facts, confirmed);
      if (known) return known;
      const made = moved ?? draft.data;
      if (!hasRoom(account, method, made) || !mayAdd(flow, account, deps)) return undefined;

      const now = clock.now();
      const added = [newCredential(draft.id, draft.kind, made, now)];
      if (codes.bringsCodes(account)) {
        added.push(newCredential(issued.id, deps.issued.id, issued.data, now));
      }
      const events = additionsOf({ ...confirming, added, method }, audit);
      const along = {
        events,
        preferred: defaultAfter(account, { method: method.id, credential: draft.id }, deps),
        userHandle: account.userHandle === undefined ? draft.userHandle : undefined,
      };
      const isAdded = await accounts.addCredentials(account, added, along);
      if (isAdded) audit.happened('accounts', account._id, events);
      // Another form of the same page may have been quicker.
      const after = isAdded ? { credentials: added } : await accounts.findById(account._id);
      return after && factsIn(after, facts, confirmed);
    },
  };

  function addable(account: Account, methodId: string) {
    const method = addableMethods(account, deps).find(({ id }) => id === methodId);
    if (!method?.adding) throw new Problem('method-not-offered');
    return { ...method, adding: method.adding };
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
  const isProved = counting.some(({ factor }) => factor === 'possession');
  return isProved || !holdsSecondStep(account, rules);
}

const shownOf = ({ methods }: MethodRules) => ({
  hintOf({ credentials }: Account, { method, credential }: Way): string | undefined {
    const data = credentials.find(({ id }) => id === credential)?.data;
    return methods.get(method)?.read(data).hint;
  },

  /** Which of these methods are added on one page, strongest first. */
  together: (ids: readonly string[]): readonly (readonly string[])[] => [
    ...Map.groupBy(ids, (id) => methods.get(id)?.addedAs ?? id).values(),
  ],

  /** Whether choosing the method is enough, because nothing must be typed to begin. */
  asksNothing: (methodId: string): boolean =>
    methods.get(methodId)?.adding?.form.safeParse({}).success ?? false,

  kindOf: (id: string): string => methods.get(id)?.kind ?? id,
});

/** One of the kind may be as it should, and be none for this method. */
function refuseUnsuited(method: Pick<OpenMethod, 'unsuited' | 'read'>, data: unknown): void {
  const { unsuited } = method;
  if (unsuited !== undefined && !method.read(data).isSuited) throw new Problem(unsuited);
}

/** As long as WebAuthn §14.6.1 recommends for them, less what would tell of anybody. */
const newUserHandle = (): string => randomToken(32);

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
