/**
 * Adding a credential. Until its first challenge is passed it lives in the flow alone, so an
 * abandoned one neither gates nor replaces anything; how it enters the account then is said in
 * confirm-added.ts.
 */
import { z } from 'zod';

import type { Way } from '../assurance/way.ts';
import { vaultOf } from '../credentials/vault.ts';
import { randomId, randomToken } from '../lib/codes.ts';
import type { Form } from '../lib/form.ts';
import { Problem } from '../lib/problem.ts';
import { sealedJson } from '../lib/sealed-json.ts';
import { isSecondStep } from '../methods/method.ts';
import type { Account } from '../models/account.ts';
import type { Draft, Enrolling, Pairing } from '../models/flow.ts';
import { addableMethods, heldData, type MethodRules, type OpenMethod, without } from './choices.ts';
import { type ConfirmAddedDeps, createConfirmAdded } from './confirm-added.ts';
import { createIssuedCodes, type IssuedCodesDeps } from './issued-codes.ts';

export interface EnrolmentDeps extends ConfirmAddedDeps, IssuedCodesDeps {
  /** As authenticator apps list us. */
  readonly issuer: string;
  readonly pairings: Pairings;
  readonly phoneCountries: () => readonly string[];
  /** Names and addresses of an account, and of whoever runs this. */
  readonly wordsAbout: (account: Account) => readonly string[];
  /** What pages say for a key of their words, in each language. */
  readonly wordings: (key: string) => readonly string[];
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
  /** The credential in whose place it comes. */
  readonly replaces?: string | undefined;
}

/** What is being added, and how a device joins it. */
interface Wanted {
  readonly method: OpenMethod;
  readonly pairing?: Pairing | undefined;
}

export type Enrolment = ReturnType<typeof createEnrolment>;

export function createEnrolment(deps: EnrolmentDeps) {
  const { crypt } = deps;
  const typedForm = sealedJson(crypt, z.record(z.string(), z.string()).readonly());
  const codes = createIssuedCodes(deps);

  const portsFor = (account: Account, credentialId: string, { method, pairing }: Wanted) => {
    const joining = pairing && deps.pairings.open(credentialId, pairing);
    return {
      vault: vaultOf(crypt, account._id, credentialId),
      account: account.username,
      issuer: deps.issuer,
      phoneCountries: deps.phoneCountries(),
      policy: deps.availability.policyOf(method.id),
      about: deps.wordsAbout(account),
      wordings: deps.wordings,
      held: heldData(account, method.kind),
      ...(joining && { pairing: joining }),
    };
  };

  return {
    ...shownOf(deps),

    ...codes,

    /** A credential to be confirmed, or why what was typed will not do. */
    async draft(
      read: Account,
      { flow, typed, client, replaces, ...wish }: Wish,
    ): Promise<Enrolling> {
      const account = without(read, replaces);
      const method = addable(account, wish.method);
      const id = randomId();
      const { isSecret } = method.adding;
      const kept = isSecret ? typedForm.seal(typed, typedContext(flow)) : typed;
      const chosen: Enrolling = { method: method.id, typed: kept, ...(replaces && { replaces }) };
      const form = method.adding.form.safeParse(typed);
      if (!form.success) return { ...chosen, refused: 'form-invalid' };
      try {
        const data = await method.adding.draft?.(form.data, portsFor(account, id, { method }));
        refuseUnsuited(method, data);
        const pairing = method.adding.join && deps.pairings.begin(id, client);
        const draft: Draft = {
          ...{ id, kind: method.kind },
          ...(data !== undefined && { data }),
          ...(method.hasCeremony && { userHandle: account.userHandle ?? newUserHandle() }),
        };
        const made = isSecondStep(method) && { codes: codes.newCodes(flow, account) };
        return { ...chosen, draft, ...made, ...(pairing && { pairing }) };
      } catch (error) {
        if (error instanceof Problem) return { ...chosen, ...refusalOf(error) };
        throw error;
      }
    },

    /** What was typed, for the page on which it is put right. */
    openTyped: (flow: string, { typed = {} }: Enrolling): Form =>
      typeof typed === 'string' ? (typedForm.read(typed, typedContext(flow)) ?? {}) : typed,

    /** What the page must show besides the question: a QR code, or a form's countries. */
    async show(account: Account, enrolling: Enrolling): Promise<Record<string, unknown>> {
      const { draft, pairing } = enrolling;
      const method =
        enrolling.method === undefined ? undefined : deps.methods.get(enrolling.method);
      if (!method) return {};
      const { adding } = method;
      const ports = portsFor(account, draft?.id ?? NO_DRAFT, { method, pairing });
      const shown = draft ? await adding?.show?.(draft.data, ports) : await adding?.offer?.(ports);
      return { ...shown };
    },

    confirm: createConfirmAdded(deps, codes),
  };

  function addable(account: Account, methodId: string) {
    const method = addableMethods(account, deps).find(({ id }) => id === methodId);
    if (!method?.adding) throw new Problem('method-not-offered');
    return { ...method, adding: method.adding };
  }
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

  /** Whether what is typed is all that it takes, because nothing could prove it at once. */
  isAskedLater: (methodId: string): boolean => methods.get(methodId)?.adding?.isAskedLater ?? false,

  /** Whether choosing the method is enough, because nothing must be typed to begin. */
  asksNothing(methodId: string): boolean {
    const { adding } = methods.get(methodId) ?? {};
    return adding !== undefined && Object.keys(adding.form.shape).length === 0;
  },

  kindOf: (id: string): string => methods.get(id)?.kind ?? id,

  /** Of a form, what is asked for by whoever wants to add one by this method; throws Problem. */
  typedIn(form: Form, methodId: string): Form {
    const fields = Object.keys(methods.get(methodId)?.adding?.form.shape ?? {});
    const typed = fields.flatMap((name) => {
      const value = form[name]?.trim();
      return value === undefined ? [] : [[name, value] as const];
    });
    if (typed.some(([, value]) => value.length > LONGEST_TYPED)) throw new Problem('form-invalid');
    return Object.fromEntries(typed);
  },
});

/** It is kept while it is put right. */
const LONGEST_TYPED = 1024;

const refusalOf = ({ code, details: { field } }: Problem): Partial<Enrolling> => ({
  refused: code,
  ...(typeof field === 'string' && { refusedField: field }),
});

/** Nothing is kept under it. */
const NO_DRAFT = 'none';
const typedContext = (flow: string): string => `flows/${flow}/typed`;

/** One of the kind may be as it should, and be none for this method. */
function refuseUnsuited(method: Pick<OpenMethod, 'unsuited' | 'read'>, data: unknown): void {
  const { unsuited } = method;
  if (unsuited !== undefined && !method.read(data).isSuited) throw new Problem(unsuited);
}

/** As long as WebAuthn §14.6.1 recommends for them, less what would tell of anybody. */
const newUserHandle = (): string => randomToken(32);
