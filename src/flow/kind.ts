/**
 * What the kit must know of a flow, and what every flow has without saying so. A flow brings its
 * facts, its steps, what may be done at each of them, and its pages; sign-in is the first one.
 */
import type { Context } from 'koa';

import type { Trait } from '../assurance/proof.ts';
import type { Purpose } from '../assurance/purpose.ts';
import type { Way } from '../assurance/way.ts';
import type { Form } from '../lib/form.ts';
import type { Account } from '../models/account.ts';
import type { Flow } from '../models/flow.ts';
import type { AppHome, Pages } from '../web/page.ts';
import type { RequestContext } from './request-context.ts';

/** A flow with the facts that its next step follows from. */
export interface State {
  readonly flow: Flow;
  /** Loaded where the next step depends on it. */
  readonly account?: Account;
}

/** The flow's account as somebody read it a moment ago; undefined where there is none. */
export interface Known {
  readonly account: Account | undefined;
}

/**
 * `choice` is asked as soon as a person's own act leads there, at `begin` also where nobody said
 * anything; `finish` is not written on its own, because finishing is a write; `over` leads back
 * to where the browser came from.
 */
export interface AnyStep {
  readonly name: string;
  readonly choice?: Wanted;
  /** Where it is taken, if that is no page of the flow's own; from there they come back. */
  readonly leadsTo?: string;
}

/** What is asked, and what must be proved by it beyond its factor. */
export interface Wanted extends Way {
  readonly wants?: readonly Trait[];
  /** Policy put it before what they would have begun with. */
  readonly isRaised?: true;
}

/** For whom something is proved, as people and the audit are told. */
export interface ForWhom {
  /** An app's id, or the flow's own name. */
  readonly id: string;
  readonly name: string;
}

/** A page by name with what its view needs. */
export type ShownPage = { [Name in keyof Pages]: readonly [Name, Pages[Name]] }[keyof Pages];

/** What is posted, and where the flow stood then. */
export interface Posted<S extends State, Step extends AnyStep> {
  readonly state: S;
  readonly step: Step;
  readonly form: Form;
  readonly visit: RequestContext;
}

/** Records one fact; undefined where nothing was changed. */
export type Recorder<S extends State, Step extends AnyStep> = (
  posted: Posted<S, Step>,
) => Promise<S | undefined>;

/** How a flow's facts become its steps. */
export interface Steps<S extends State, Step extends AnyStep> {
  /** Whether what is stored is a flow of this kind. */
  readonly isOurs: (flow: Flow) => flow is S['flow'];
  /** `known` spares a reading of the account to whoever has just made one. */
  readonly withFacts: (flow: S['flow'], visit: RequestContext, known?: Known) => Promise<S>;
  readonly nextStep: (state: S) => Step;
  readonly purpose: Purpose;
  readonly forWhom: (flow: S['flow']) => ForWhom;
}

/** How a flow is served. */
export interface Served<S extends State, Step extends AnyStep, Act extends string> {
  readonly name: string;
  /** Every address of it is below `<path>/<uid>`; `/<name>` where it is not said. */
  readonly path?: string;
  /** Which acts each step allows; what is not in its row changes nothing. */
  readonly allowedActs: Readonly<Record<Step['name'], readonly (Act | 'answer')[]>>;
  readonly recorders: Readonly<Record<Act, Recorder<S, Step>>>;
  /** The one act whose form may be long: a new key comes by it. */
  readonly attests?: Act;
  readonly load: (uid: string, visit: RequestContext) => Promise<S | undefined>;
  readonly pageFor: (shown: {
    readonly state: S;
    readonly step: Step;
    readonly csrf: string;
    readonly visit: RequestContext;
  }) => Promise<ShownPage>;
  /** False where somebody else finished it, or it moved on since it was read. */
  readonly finish: (ctx: Context, state: S, visit: RequestContext) => Promise<boolean>;
  /** What may help whoever is refused by this: words, and the act behind their button, if any. */
  readonly helpWith?: (
    problem: unknown,
  ) => { readonly words: string; readonly act?: Act } | undefined;
  /** Leads on from a flow that is over. */
  readonly leave: (ctx: Context, flow: S['flow']) => Promise<void>;
  /** The flow of another browser is nobody's business here. */
  readonly belongsHere: (ctx: Context, uid: string) => boolean;
  /** The app that the person comes from, if it has a home to go back to; of anything stored. */
  readonly appOf: (flow: Flow) => AppHome | undefined;
  /** The languages that whoever sent the person wishes for. */
  readonly uiLocales: (flow: S['flow']) => readonly string[];
}
